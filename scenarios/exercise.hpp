/// Exercise: a load as a condition, and a treadmill test as a ramp of loads.
///
/// The test is the modified Bruce protocol: stages of three minutes at 2.3, 3.5, 4.6, 7.1, 10.2 and 13.5 METs (1.7 mph
/// at 0, 5 and 10 %, 2.5 mph at 12 %, 3.4 at 14 %, 4.2 at 16 %; uptake by the ACSM walking equation, 0.1 v + 1.8
/// v·grade + 3.5 mL/min/kg, v in m/min). Within a stage the load felt by the heart goes to the stage's like e^{−t/35 s}
/// (oxygen uptake kinetics, Whipp & Wasserman 1972: 30–60 s, recalled). Every `interval` the patient is brought to the
/// limit cycle of the moment's load: coronary regulation (seconds) follows it (tests/scenarios).
///
/// Ischaemia: the lowest tissue oxygen tension of a bed that holds at least 5 % of the left ventricle (venous tension
/// less the Krogh–Erlang fall) below `ischaemic_tension`. Its default is the tension that half-saturates mitochondria,
/// 0.5 mmHg (regulation.hpp): the farthest cells have lost half of their respiration (assumption as a threshold of
/// angina or of the ECG). It must last 10 s; on a ramp that only rises this is its first crossing plus 10 s.
///
/// The test ends by ischaemia, by fatigue (load beyond the subject's peak) or with the protocol.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/exercise.hpp"
#include "scenarios/transient.hpp"

namespace coronet {

struct ExerciseOptions {
  exercise::Subject<double> subject{.age_years = 50.0, .peak_METs = 12.5};
  double stroke_mL_per_kg = 1.0;  // at rest
  double interval = 30.0;         // s
  double ischaemic_tension = 0.5 * unit::mmHg;
  double ischaemic_time = 10.0;  // s
  bool stop_at_ischaemia = true;
  /// Metabolic signal in exercise; empty: the patient's own. Nerves dilate arterioles with the load (exercise.hpp [10]),
  /// except with metabolic::feedback_feedforward, which announces demand itself.
  std::optional<std::size_t> signal;
};

inline constexpr double stage_length = 180.0;  // s
inline constexpr std::array<double, 6> bruce_METs = {2.3, 3.5, 4.6, 7.1, 10.2, 13.5};

/// Load felt `time` seconds after the start of the modified Bruce protocol, METs.
double bruce_load(double time);

/// The patient at a steady load.
Condition exercise_at(const Patient& patient, double METs, const ExerciseOptions& options = {});

/// Systolic aortic pressure times heart rate at a load.
double rate_pressure_product_mmHg_per_min(const Patient& patient, double METs, const ExerciseOptions& options = {});

/// The patient whose metabolic signal is that of `options`.
Patient exercising(const Patient& patient, const ExerciseOptions& options);

/// Conditions every `interval` of the protocol between two times, for run_transient; starts are relative to `from`.
std::vector<ScheduledCondition> bruce_schedule(const Patient& patient, double from, double to, double interval,
                                               const ExerciseOptions& options = {});

struct ExercisePoint {
  double time = 0.0, METs = 1.0, rate = 0.0, demand_factor = 1.0, aortic = 0.0;         // s, 1, 1/s, 1, Pa (mean)
  std::array<double, network::territories> flow{}, endo_epi{};                          // m³/s, 1
  std::array<double, network::beds> bed_flow{}, venous_saturation{}, tissue_tension{};  // m³/s, 1, Pa
};

/// Lowest tissue tension of the beds that count for ischaemia, Pa.
double lowest_tension(const PatientParameters& p, const ExercisePoint& point);

enum class ExerciseEnd { ischaemia, fatigue, protocol_over, failed };

struct ExerciseTest {
  std::vector<ExercisePoint> points;  // the first at rest
  ExerciseEnd end = ExerciseEnd::failed;
  double time = 0.0, METs = 1.0;  // at the end
  bool ischaemia = false;         // and where and when it began, also if the test went on
  std::size_t ischaemic_bed = 0;
  double ischaemia_time = 0.0, ischaemia_METs = 0.0;
  Status status = Status::no_convergence;
  std::string failure;

  std::size_t ischaemic_territory() const { return ischaemic_bed / network::layers; }
  std::size_t ischaemic_layer() const { return ischaemic_bed % network::layers; }
};

/// The treadmill test. Numerical trouble and a heart without time for diastole end it in `status`, with the points
/// until then.
ExerciseTest exercise_ramp(const Patient& patient, const ExerciseOptions& options = {}, const Numerics& numerics = {});

}  // namespace coronet
