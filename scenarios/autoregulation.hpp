/// Autoregulation: flow against perfusion pressure at fixed demand.
///
///   G   = 1 − ln(Q_2/Q_1)/ln(P_2/P_1)          closed-loop gain between two pressures: 1 holds flow, 0 holds
///                                              resistance                                                  [1]
///   P_l = lower limit: going down from the patient's own pressure, where G over 20 mmHg has fallen to 0.4  [2]
///
/// | symbol | meaning                                             | unit | valid range, source                   |
/// |--------|-----------------------------------------------------|------|---------------------------------------|
/// | P      | mean pressure at the ostia                          | mmHg | 20–160                                |
/// | Q      | mean flow of a layer, or of the artery              | m³/s |                                       |
/// | G      | gain                                                | 1    | awake dogs 0.6–0.9 (60–120 mmHg)      |
/// | P_l    | lower limit                                         | mmHg | awake dogs 38 (endo), 25 (epi): Canty |
///
/// Only the pressure at the ostia changes, as from a cannula; ventricles, heart rate and demand stay. [1] is the gain of
/// Dole & Nuno 1987 (Circ Res 61:202, recalled), here with logarithms, so that the order of the two points does not
/// matter. [2]: autoregulation counts as effective where G over 20 mmHg exceeds 0.4 (Bai 1994, Am J Physiol 266:H2359,
/// anaesthetised dogs; abstract seen). G belongs to the geometric mean of its two pressures; between those, straight
/// lines. Differs from the source of 38 and 25 mmHg (Canty 1988, Circ Res 63:821, recalled), who took the pressure below
/// which flow begins to fall.
///
/// Each pressure starts where its neighbour ended, upwards and downwards from the patient's own. Beside a fold
/// (docs/model.md, known limits) the branch that continues is the one shown.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "scenarios/bed_readings.hpp"
#include "scenarios/phase.hpp"

namespace coronet {

/// Equation [1].
double autoregulation_gain(double pressure_1, double flow_1, double pressure_2, double flow_2);

inline constexpr double effective_gain = 0.4, gain_window_mmHg = 20.0;
inline constexpr double gain_from_mmHg = 70.0, gain_to_mmHg = 120.0;

/// The condition with another mean pressure at the ostia; `aortic` is the mean without that change, Pa.
Condition at_perfusion_pressure(Condition condition, double pressure_mmHg, double aortic);

/// The phase from `state`, which receives where it ended. Beside a fold a search may end nowhere from one side: then
/// once more from the start of a first phase. Without a solution `state` stays.
PhaseResult solve_from(const Patient& patient, const Condition& condition, const Numerics& numerics,
                       PatientState& state);

struct AutoregulationPoint {
  double pressure_mmHg = 0.0;
  Status status = Status::no_convergence;
  std::string failure;
  PerBed flow{}, venous_saturation{}, tissue_tension{}, metabolic_dilation{};  // m³/s, 1, Pa, 1
};

struct AutoregulationOptions {
  double from_mmHg = 20.0, to_mmHg = 160.0, step_mmHg = 10.0;
};

struct LowerLimit {
  enum class Found { yes, below_range, not_effective };  // the last: no effective gain at the patient's own pressure
  Found found = Found::not_effective;
  double pressure_mmHg = 0.0;
};

struct Autoregulation {
  double own_pressure_mmHg = 0.0;           // mean at the ostia at rest
  PerBed flow_at_rest{};                    // m³/s
  std::vector<AutoregulationPoint> points;  // by rising pressure; a failed one keeps its status and reason
  Status status = Status::no_convergence;   // of rest, on which all pressures depend
  std::string failure;

  /// The point at this pressure, or null if it is not in the sweep or failed.
  const AutoregulationPoint* solved_at(double pressure_mmHg) const;
  /// Gain of an artery between two pressures of the sweep; NaN where one of them failed.
  double gain(std::size_t territory, double from_mmHg = gain_from_mmHg, double to_mmHg = gain_to_mmHg) const;
  /// Equation [2] for any flow that is made of the beds' flows.
  LowerLimit lower_limit(const std::function<double(const PerBed&)>& flow_of) const;
  LowerLimit lower_limit_of_layer(std::size_t territory, std::size_t layer) const;
  LowerLimit lower_limit_of_artery(std::size_t territory) const;
};

/// The sweep. A pressure that fails does not disturb the others. `settled` (a limit cycle at rest) shortens it.
Autoregulation sweep_perfusion_pressure(const Patient& patient, const AutoregulationOptions& options = {},
                                        const Numerics& numerics = {}, const PatientState* settled = nullptr);

}  // namespace coronet
