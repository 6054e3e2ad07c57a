/// Two members as JSON, for scipy_beats.py: every number of the network by its name, forcing and slopes at 400 times.
#include <cstdio>

#include "bench/cohort.hpp"
#include "bench/sections.hpp"

namespace coronet::bench {
namespace {

void numbers(const char* name, const std::vector<double>& values) {
  std::printf(",\n\"%s\": [", name);
  for (std::size_t i = 0; i < values.size(); ++i) std::printf("%s%.17g", i ? ", " : "", values[i]);
  std::printf("]");
}
template <class Get> void of_segments(const Member& m, const char* name, Get get) {
  std::vector<double> values;
  for (const auto& s : m.network.segment) values.push_back(get(s));
  numbers(name, values);
}
template <class Get> void of_compartments(const Member& m, const char* name, Get get) {
  std::vector<double> values;
  for (const auto& b : m.network.bed)
    for (std::size_t k = 0; k < bed::compartments; ++k) values.push_back(get(b, k));
  numbers(name, values);
}

}  // namespace

void dump() {
  const Case problem = make_case("rest", 1.0, peer_members);
  std::printf("[");
  for (std::size_t i = 0; i < problem.members.size(); ++i) {
    const Member& m = problem.members[i];
    using Segment = epicardial::Segment<double>;
    using Bed = bed::Parameters<double>;
    std::printf("%s{\n\"phase\": \"%s\"", i ? ",\n" : "", problem.phase.c_str());
    of_segments(m, "resistance", [](const Segment& s) { return s.resistance; });
    of_segments(m, "inertance", [](const Segment& s) { return s.inertance; });
    of_segments(m, "compliance", [](const Segment& s) { return s.compliance; });
    of_segments(m, "lesion_viscous", [](const Segment& s) { return s.lesion_viscous; });
    of_segments(m, "lesion_turbulent", [](const Segment& s) { return s.lesion_turbulent; });
    const bed::Walls<double>& w = m.network.walls;
    of_compartments(m, "A", [&w](const Bed&, std::size_t k) { return w.shape[k].A; });
    of_compartments(m, "B", [&w](const Bed&, std::size_t k) { return w.shape[k].B; });
    of_compartments(m, "D", [&w](const Bed&, std::size_t k) { return w.shape[k].D; });
    of_compartments(m, "V_max", [](const Bed& b, std::size_t k) { return b.V_max[k]; });
    of_compartments(m, "V_ref", [](const Bed& b, std::size_t k) { return 1.0 / b.per_V_ref[k]; });
    of_compartments(m, "R_ref", [](const Bed& b, std::size_t k) { return b.R_ref[k]; });
    of_compartments(m, "exposure", [&w](const Bed&, std::size_t k) { return w.exposure[k]; });
    std::vector<double> viscosity;
    for (std::size_t b = 0; b < network::beds; ++b)
      for (const viscosity::Ratio<double>& r : w.viscosity) viscosity.insert(viscosity.end(), r.c.begin(), r.c.end());
    numbers("viscosity", viscosity);
    const auto& share = m.network.right_ventricular_share;
    numbers("right_ventricular_share", {share.begin(), share.end()});
    numbers("start", {m.start.begin(), m.start.end()});
    numbers("reference", {m.reference.begin(), m.reference.end()});
    numbers("period", {m.drive.waves.period});
    std::vector<double> value, slope;
    double peak = 0.0;
    for (int j = 0; j <= 400; ++j) {
      const double t = m.drive.waves.period * j / 400.0;
      const auto f = m.drive.at(t), s = m.drive.slope_at(std::min(t, m.drive.waves.period));
      for (const double x : {f.aortic, f.left_ventricular, f.right_ventricular, f.right_atrial, f.activation})
        value.push_back(x);
      for (const double x : {s.aortic, s.left_ventricular, s.right_ventricular, s.right_atrial, s.activation})
        slope.push_back(x);
      peak = f.peak_left_ventricular;
    }
    numbers("forcing", value);
    numbers("forcing_slope", slope);
    numbers("peak_left_ventricular", {peak});
    std::printf("\n}");
  }
  std::printf("]\n");
}

}  // namespace coronet::bench
