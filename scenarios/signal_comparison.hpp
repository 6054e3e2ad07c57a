/// The three metabolic signals (model/metabolic_signal.hpp) through the same questions: `healthy` at rest, under other
/// perfusion pressures, in time and in exercise, and every row of the validation catalogue.
///
///   slope = (Q_peak/Q_rest − 1)/(M_peak/M_rest − 1)     flow against demand over the whole test, whole heart
///
/// Nothing is set again for a signal: tone, set point and half-times were calibrated under `venous_atp`, which
/// therefore plays at home. Exercise goes on beyond ischaemia, to the subject's peak.
#pragma once
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "scenarios/courses.hpp"
#include "scenarios/validation.hpp"

namespace coronet {

struct SignalAnswers {
  std::size_t signal = 0;
  // of the LAD; NaN where a question could not be answered (then `failures` says why)
  double perfusion_mL_per_min_per_g = validation::absent, endo_epi = validation::absent,
         venous_saturation_percent = validation::absent;
  double gain = validation::absent;
  std::array<LowerLimit, network::layers> lower_limit{};
  bool swept = false;
  StepResponse pressure_step{validation::absent, validation::absent}, pacing_step = pressure_step;
  ReactiveHyperaemia hyperaemia{validation::absent, validation::absent, validation::absent, validation::absent,
                                validation::absent};
  bool exercised = false;
  double peak_METs = validation::absent, slope = validation::absent;
  double peak_venous_saturation_percent = validation::absent, peak_endo_epi = validation::absent;
  bool ischaemia = false;
  double ischaemia_METs = validation::absent;
  std::string ischaemic_bed;
  validation::Result validation;
  std::vector<std::string> failures;
};

/// One answer per signal, in the order of metabolic::signal_names; `progress` counts signals. The catalogue's subject
/// `healthy` is asked; all subjects of the rows get the signal.
std::vector<SignalAnswers> compare_signals(const validation::Catalogue& catalogue, int threads = 0,
                                           const std::function<void(std::size_t, std::size_t)>& progress = {});

}  // namespace coronet
