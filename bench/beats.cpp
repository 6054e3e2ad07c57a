/// One beat: error and time of every method at several settings, six cases.
#include <cmath>

#include "bench/measure.hpp"
#include "bench/methods.hpp"
#include "bench/sections.hpp"

namespace coronet::bench {

/// Above this error a setting is not worth timing.
static constexpr double hopeless_error = 0.05;

void beats_section(const std::string& folder) {
  Csv table(folder, "beats.csv", "phase,stiffness,method,setting,error,us_least,us_median,noise_percent,judged,timed");
  Csv cases(folder, "cases.csv",
            "phase,stiffness,members,fastest_arteries_per_s,fastest_beds_per_s,rk4_least_steps,reference_steps,"
            "reference_difference");
  for (const char* phase : {"rest", "adenosine_iv"})
    for (const double stiffness : {0.1, 1.0, 10.0}) {
      if (quick && stiffness != 1.0) continue;
      const std::string name = std::string(phase) + ", stiffness x " +
                               (stiffness < 1   ? "0.1"
                                : stiffness > 1 ? "10"
                                                : "1");
      say("beats: " + name + ": references");
      const Case problem = make_case(phase, stiffness, 16);
      cases.row("%s,%g,%zu,%.4g,%.4g,%zu,%zu,%.1e", phase, stiffness, problem.members.size(), problem.fastest_arteries,
                problem.fastest_beds, problem.stable_steps, problem.reference_steps, problem.reference_difference);
      std::vector<Setting> settings = our_settings(problem);
      for (const auto& more : {explicit_lane_settings(problem), odeint_settings(problem), cvode_settings(problem)})
        settings.insert(settings.end(), more.begin(), more.end());
      say("beats: " + name + ": errors of " + std::to_string(settings.size()) + " settings");
      std::vector<double> errors(settings.size(), 0.0);
      for (std::size_t s = 0; s < settings.size(); ++s) {
        const std::vector<FastState>& ends = settings[s].prepare(problem, settings[s].judged)();
        for (std::size_t i = 0; i < ends.size(); ++i) {
          const double error = error_of(problem.members[i], ends[i]);
          errors[s] = std::isfinite(error) ? std::max(errors[s], error) : HUGE_VAL;
        }
      }
      say("beats: " + name + ": times");
      std::vector<std::function<void()>> pieces;
      std::vector<std::size_t> timed;
      for (std::size_t s = 0; s < settings.size(); ++s)
        if (errors[s] < hopeless_error) {
          timed.push_back(s);
          const auto pass = settings[s].prepare(problem, settings[s].timed);
          pieces.push_back([pass] { pass(); });
        }
      const std::vector<Spread> times = quick ? alternate(pieces, 1, 1, 0.0) : alternate(pieces, 9, 3, 12.0);
      for (std::size_t k = 0; k < timed.size(); ++k) {
        const Setting& s = settings[timed[k]];
        const double per_beat = 1e6 / static_cast<double>(beats * s.timed);
        table.row("%s,%g,%s,%s,%.3e,%.3f,%.3f,%.1f,%zu,%zu", phase, stiffness, s.method.c_str(), s.setting.c_str(),
                  errors[timed[k]], per_beat * times[k].least, per_beat * times[k].median, times[k].noise_percent(),
                  s.judged, s.timed);
      }
    }
  table.complete();
  cases.complete();
}

}  // namespace coronet::bench
