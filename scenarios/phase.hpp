/// One protocol phase: the patient brought to the limit cycle under a condition, and the beat recorded there.
#pragma once
#include <array>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "scenarios/beat_sums.hpp"
#include "scenarios/circulation.hpp"
#include "scenarios/regulation.hpp"
#include "solvers/conversation.hpp"

namespace coronet {

inline constexpr std::size_t samples_per_beat = 200;  // of a waveform

/// The L-stable Rosenbrock stepper is the work horse; Boost.Odeint's two are its witnesses.
enum class Stepper { rosenbrock, runge_kutta_4, dormand_prince_5 };

struct Numerics {
  Stepper stepper = Stepper::rosenbrock;
  double step_refinement = 1.0;    // 2 halves every step
  double tolerance = 1e-9;         // of Dormand–Prince (relative, and absolute per scaled state)
  double period_tolerance = 1e-7;  // change of ln V and tone from beat to beat, where plain beats are passed
  double error_tolerance = 1e-6;   // estimated distance to the limit cycle, with it
  bool accelerated = true;         // false: plain transient until nothing changes (the reference)
  bool single_precision = true;    // of beats far from the limit cycle; the last ones never are
  bool waveforms = true;           // false: a phase has no `trace`
  bool falls_back = true;          // a search that does not end goes on with plain beats; else it fails at once
  std::size_t max_beats = 600;
  std::size_t max_steps = 4'000'000;  // integration steps that a phase (or anchoring) may cost, then no_convergence
};

inline Numerics without_waveforms(Numerics numerics = {}) {
  numerics.waveforms = false;
  return numerics;
}

/// Why a phase may not be used. `ok` is 0.
enum class Status { ok = 0, no_convergence, not_finite, invalid };
const char* status_name(Status status);

/// What everything else rests on could not be solved.
struct NoSolution : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Waveforms over one beat, SI, sample j at time j · period/samples_per_beat.
struct Traces {
  using Wave = std::array<double, samples_per_beat>;
  Wave aortic, left_ventricular, right_ventricular, right_atrial, activation;
  std::array<Wave, network::segments> segment_pressure, segment_flow;
  std::array<std::array<Wave, bed::compartments>, network::beds> pressure, volume;
  std::array<std::array<Wave, bed::compartments + 1>, network::beds> flow;
  std::array<Wave, network::beds> intramyocardial;
};

/// The arteries over the recorded beat, SI, at the starts of its steps and at its end: for indices that look at a part of
/// the beat. Between two of them a quantity is the cubic through values and slopes; the slope of the volume that passed is
/// the flow. What flowed in a part of the beat is a difference of volumes, which hardly feel the waves that run to and fro
/// in an artery faster than the steps.
struct ArteryReadings {
  struct Curve {
    double value, slope;
  };
  using Wave = std::vector<Curve>;
  std::vector<double> time;
  Wave aortic;
  std::array<Wave, network::segments> pressure, volume;  // volume: that passed since the beat began

  /// ∫ pressure dt and volume from the beginning of the beat to t.
  double pressure_until(const Wave& wave, double t) const;
  double volume_until(std::size_t segment, double t) const;
};

/// Time averages over the beat, taken over every integration step, SI.
using Means = MeansOf<double>;

struct PhaseResult {
  Condition condition = rest;
  Status status = Status::no_convergence;
  std::string failure;
  heart::Waves<double> heart{};
  Tone tone{};  // relative loss of radius
  EpicardialDiameter epicardial_diameter = resting_diameter;
  std::array<double, network::beds> metabolic_dilation{}, venous_saturation{}, tissue_tension{};
  std::array<double, network::territories> acetylcholine{};  // mol/m³
  Means mean;
  ArteryReadings arteries;
  std::shared_ptr<const Traces> trace;    // none where Numerics asks for no waveforms
  network::Parameters<double> network{};  // with tone, as integrated
  // Residuals and cost
  double volume_residual = 0.0;  // |ostial inflow − outflow − stored| / inflow of the recorded beat, worst bed and tree
  double period_residual = 0.0;      // change of ln V over the recorded beat
  double period_error = 0.0;         // estimated distance to the limit cycle
  double regulation_residual = 0.0;  // |slow number − target|, worst
  std::size_t steps_per_beat = 0, beats = 0;
};

struct Settled;

/// Where a patient stands: what the next phase starts from. Volumes are understood relative to `V_max`, so that a start
/// fits a bed with other structure or tone.
struct PatientState {
  network::State<double> fast{};
  std::array<std::array<double, bed::compartments>, network::beds> V_max{};
  Tone tone{};
  EpicardialDiameter epicardial_diameter = resting_diameter;
  std::array<double, network::beds> venous_saturation{};
  std::array<double, network::beds> oxygen_debt{};  // model/oxygen_debt.hpp; 0 unless beats passed in real time
  std::shared_ptr<const Settled> settled;           // limit_cycle.hpp; null unless a search has ended here
};

/// A patient whose bed has been anchored on measured hyperaemia.
struct Patient {
  PatientParameters parameters;
  Anchor anchor{};
  PatientState start;  // the dilated healthy twin: start of every first phase
  Status status = Status::no_convergence;
  std::string failure;
  double anchor_residual = 0.0;  // estimated distance of ln resistance and ln V from the solution
  std::size_t beats = 0;
};

/// Checks the parameters and anchors the bed: after this the healthy twin's territories carry the anchored flow under
/// adenosine i.v. The capillary share holds by construction (circulation.cpp). `guess` (a similar patient) shortens the
/// search. Throws ParameterError on bad parameters; numerical trouble ends in `status`.
Patient make_patient(const PatientParameters& parameters, const Numerics& numerics = {},
                     const Patient* guess = nullptr);

/// What patients who differ only in structure, lesion, endothelium or drugs have in common: the twin on which they are
/// anchored.
PatientParameters healthy_twin(PatientParameters parameters);

/// Replaces structure, lesion, load, demand or modifiers without anchoring again (therapy, drugs, disease progress).
/// The anchor belongs to the healthy twin, so it must only be reused while its own parameters (bed, mass, heart, blood,
/// epicardial size) stay.
Patient with_parameters(const Patient& patient, const PatientParameters& parameters);

/// A measured mean flow that the phase must reproduce by turning one knob of the setup: one more unknown of the limit
/// cycle. `apply` sets the knob, a logarithm; flow must rise with it when `sign` is +1 and fall when it is −1.
/// What it turns is structure of the beds or their demand; heart, blood and epicardial arteries stay.
struct FlowTarget {
  std::size_t territory = network::lad;
  double flow = 0.0;  // m³/s
  double sign = 1.0;
  std::function<void(Setup&, double knob)> apply;
  double knob = 0.0;                      // in: start, out: found
  double lowest = -10.0, highest = 10.0;  // of the knob
  double resistance = 0.0;                // d ln R of all vessels of the beds per knob; 0 if it turns something else
};

/// A guess at resting tone, to start a search from.
Tone resting_tone();

/// Where a first phase under `condition` starts: the dilated twin, or the healthy adult of the defaults at rest; where
/// plain beats are to be an independent witness, the twin with a guess at tone.
PatientState start_of(const Patient& patient, const Condition& condition, const Numerics& numerics = {});

/// Brings the patient to the limit cycle under `condition` and records a beat. `from` is where to start and receives
/// where it ended.
PhaseResult solve_phase(const Patient& patient, const Condition& condition, const Numerics& numerics = {},
                        PatientState* from = nullptr, FlowTarget* target = nullptr);

/// make_patient and solve_phase as conversations that ask for beats, so that many can share lanes (lanes.hpp). Where
/// anchors are `known`, a twin who is among them is not anchored again; a guess must then follow from the twin alone, so
/// that it does not matter who was anchored first.
struct BeatRequest;
class KnownAnchors;
template <class T> using Dialogue = Conversation<T, BeatRequest>;
Dialogue<void> making_patient(const PatientParameters& parameters, const Numerics& numerics, const Patient* guess,
                              Patient& made, KnownAnchors* known = nullptr);
Dialogue<void> solving_phase(const Patient& patient, const Condition& condition, const Numerics& numerics,
                             PatientState* from, FlowTarget* target, PhaseResult& result);

/// One beat of a course in real time: means over the beat, slow numbers at its end. SI.
struct CourseBeat {
  double period = 0.0, aortic = 0.0, right_atrial = 0.0;
  std::array<double, network::beds> flow{}, venous_saturation{}, metabolic_dilation{}, tissue_tension{};
  std::array<double, network::beds> supply{};       // share of the demand that is consumed
  std::array<double, network::beds> oxygen_debt{};  // model/oxygen_debt.hpp
  Tone tone{};
  EpicardialDiameter epicardial_diameter = resting_diameter;
};

/// A patient whose beats pass in real time, one by one: slow numbers by their half-times, venous pools by flow. The
/// search for a limit cycle without acceleration is this course until nothing changes. Trouble ends in `status`.
class Course {
 public:
  Course(const Patient& patient, const Condition& condition, const PatientState& from, const Numerics& numerics = {});
  ~Course();
  Course(Course&&) noexcept;

  /// Another condition from the next beat on.
  void change(const Condition& condition);
  /// Passes one beat into `beat`; false when there is none: see `status` and `failure`.
  bool advance(CourseBeat& beat);
  PatientState state() const;

  Status status = Status::ok;
  std::string failure;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace coronet
