#include "bench/cohort.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "bench/measure.hpp"
#include "bench/sets.hpp"
#include "io/study_file.hpp"

namespace coronet::bench {

study::Study regulated_cohort() { return io::load_study(CORONET_SOURCE "/bench/regulated.toml").study; }

study::Study capillary_cohort(std::size_t count) {
  return io::load_study("capillary_density", {"sampling.method=sobol", "sampling.count=" + std::to_string(count),
                                              "parameter.hyperaemic_capillary_share.range=[0.1,0.75]",
                                              "parameter.arteriolar_lumen_ratio.range=[0.6,1]"})
      .study;
}

PatientParameters member_of(const study::Study& study, std::size_t i) {
  return study::patient_of(study, study::make_sample(study, i));
}

namespace {

Member member_in(const std::string& phase, std::size_t i) {
  const Condition& condition = phase == "rest" ? rest : adenosine_iv;
  const Patient patient = make_patient(member_of(regulated_cohort(), i));
  const PhaseResult r = solve_phase(patient, condition);
  if (r.status != Status::ok) throw std::runtime_error("member " + std::to_string(i) + ": " + r.failure);
  Member m{.network = r.network,
           .drive = {r.heart, condition.perfusion_factor},
           .scale = typical_state(),
           .start = {},
           .reference = {}};
  for (std::size_t s = 0; s < network::segments; ++s) {
    m.start[network::pressure_at + s] = r.trace->segment_pressure[s][0];
    m.start[network::flow_at + s] = r.trace->segment_flow[s][0];
  }
  for (std::size_t b = 0; b < network::beds; ++b)
    for (std::size_t k = 0; k < bed::compartments; ++k) m.start[network::volume_index(b, k)] = r.trace->volume[b][k][0];
  return m;
}

const std::vector<Member>& members_in(const std::string& phase, std::size_t count) {
  static std::map<std::string, std::vector<Member>> known;
  std::vector<Member>& members = known[phase];
  while (members.size() < count) members.push_back(member_in(phase, members.size()));
  return members;
}

std::vector<FastState> pass_explicitly(const std::vector<Member>& members, std::size_t count, std::size_t steps) {
  static const ExplicitWay way = explicit_ways().back();
  std::vector<FastState> ends;
  for (std::size_t first = 0; first < count; first += way.width) {
    const std::size_t n = std::min(way.width, count - first);
    std::vector<FastState> states;
    std::vector<std::vector<heart::Forcing<double>>> tables;
    std::vector<ExplicitRequest> requests;
    std::vector<ExplicitRequest*> pointers;
    states.reserve(n), requests.reserve(n);
    for (std::size_t i = 0; i < n; ++i) {
      const Member& m = members[first + i];
      std::vector<heart::Forcing<double>>& table = tables.emplace_back();
      for (std::size_t j = 0; j <= 2 * steps; ++j)
        table.push_back(m.drive.at(m.drive.waves.period * static_cast<double>(j) / static_cast<double>(2 * steps)));
      requests.push_back({&m.network, table.data(), steps, m.drive.waves.period, &states.emplace_back(m.start)});
      pointers.push_back(&requests.back());
    }
    for (std::size_t b = 0; b < beats; ++b) way.pass(pointers.data(), n);
    ends.insert(ends.end(), states.begin(), states.end());
  }
  return ends;
}

}  // namespace

double error_of(const Member& m, const FastState& end) {
  double worst = 0.0;
  for (std::size_t b = 0; b < network::beds; ++b) {
    const double error = std::fabs(end[network::inflow_at + b] / m.reference[network::inflow_at + b] - 1.0);
    if (!std::isfinite(error)) return std::nan("");
    worst = std::max(worst, error);
  }
  return worst;
}

double explicit_error(const Case& problem, std::size_t members, std::size_t steps, std::vector<FastState>* ends) {
  const std::vector<FastState> reached = pass_explicitly(problem.members, members, steps);
  double worst = 0.0;
  for (std::size_t i = 0; i < members; ++i) {
    const double error = error_of(problem.members[i], reached[i]);
    if (!std::isfinite(error)) return error;
    worst = std::max(worst, error);
  }
  if (ends) *ends = reached;
  return worst;
}

Case make_case(const std::string& phase, double stiffness, std::size_t members) {
  const std::vector<Member>& solved = members_in(phase, members);
  Case c{
      .phase = phase, .stiffness = stiffness, .members = {solved.begin(), solved.begin() + static_cast<long>(members)}};
  double fastest = 0.0;
  for (Member& m : c.members) {
    for (auto& segment : m.network.segment) segment.inertance /= stiffness, segment.compliance /= stiffness;
    for (auto& bed : m.network.bed)
      for (std::size_t k = 0; k < bed::compartments; ++k) bed.V_max[k] /= stiffness, bed.per_V_ref[k] *= stiffness;
    for (std::size_t i = network::volume_at; i < network::dynamic_size; ++i)
      m.start[i] /= stiffness, m.scale[i] /= stiffness;
    network::Snapshot<double> s;
    network::evaluate(m.network, m.start, m.drive.at(0.0), s);
    const double whole = network::fastest_rate(m.network, m.start, s);
    network::Parameters<double> slow = m.network;
    for (auto& segment : slow.segment) segment.inertance *= 1e6, segment.compliance *= 1e6;
    const double of_beds = network::fastest_rate(slow, m.start, s);
    c.fastest_beds = std::max(c.fastest_beds, of_beds);
    c.fastest_arteries = std::max(c.fastest_arteries, whole > of_beds ? whole : 0.0);
    fastest = std::max(fastest, whole * m.drive.waves.period);
  }
  // The bound is some 1.5 to 2.5 times the true rate, and the rates move within the beat: four times the steps of the
  // bound are stable for everybody. Where stability asks for few, exactness asks for more.
  const auto coarse = std::max<std::size_t>(8000, static_cast<std::size_t>(4.0 * fastest / rk4_stability_limit));
  const std::vector<FastState> half = pass_explicitly(c.members, members, coarse);
  c.reference_steps = 2 * coarse;
  const std::vector<FastState> whole = pass_explicitly(c.members, members, c.reference_steps);
  for (std::size_t i = 0; i < members; ++i) {
    c.members[i].reference = whole[i];
    c.reference_difference = std::max(c.reference_difference, error_of(c.members[i], half[i]));
  }
  if (!(c.reference_difference < 1e-7))
    throw std::runtime_error("the reference of " + phase + " is not tight: " + std::to_string(c.reference_difference));
  const std::size_t judged = std::min(peer_members, members);
  std::size_t unstable = 20, stable = coarse;
  while (stable > unstable + unstable / 50 + 1) {
    const std::size_t middle = (stable + unstable) / 2;
    (explicit_error(c, judged, middle) <= 1e-4 ? stable : unstable) = middle;
  }
  c.stable_steps = stable;
  return c;
}

}  // namespace coronet::bench
