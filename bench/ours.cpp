/// Ours: the implicit stepper alone and in every way of lanes, as the product passes beats, sums for regulation
/// included; and RK4 in the same lanes.
#include <algorithm>
#include <memory>

#include "bench/methods.hpp"
#include "bench/product.hpp"
#include "scenarios/lanes.hpp"

namespace coronet::bench {

namespace {

/// Members, their tables of forcing and their states, as requests of either kind.
template <class Request, class Row> struct Batch {
  std::vector<Member> members;
  std::vector<std::vector<Row>> tables;
  std::vector<FastState> states;
  std::vector<Request> requests;
  std::vector<Request*> pointers;

  template <class MakeTable> Batch(const Case& problem, std::size_t count, std::size_t steps, MakeTable&& table_of)
      : members(problem.members.begin(), problem.members.begin() + static_cast<long>(count)),
        states(count),
        requests(count) {
    for (std::size_t i = 0; i < count; ++i) {
      tables.push_back(table_of(members[i].drive));
      Request& r = requests[i];
      r.parameters = &members[i].network;
      r.forcing = tables.back().data();
      r.steps = steps;
      if constexpr (requires { r.period; }) r.period = members[i].drive.waves.period;
      r.state = &states[i];
      pointers.push_back(&r);
    }
  }
  template <class Way> std::size_t width_of(const Way& way) const {
    if constexpr (requires { way.width_for(requests[0]); })
      return way.width_for(requests[0]);
    else
      return way.width;
  }
  template <class Way> const std::vector<FastState>& pass(const Way& way) {
    for (std::size_t i = 0; i < members.size(); ++i) states[i] = members[i].start;
    for (std::size_t b = 0; b < beats; ++b)
      for (std::size_t first = 0, width = width_of(way); first < members.size(); first += width)
        way.pass(pointers.data() + first, std::min(width, members.size() - first));
    return states;
  }
};

std::vector<heart::Forcing<double>> half_step_forcing(const Drive& drive, std::size_t steps) {
  std::vector<heart::Forcing<double>> rows;
  for (std::size_t j = 0; j <= 2 * steps; ++j)
    rows.push_back(drive.at(drive.waves.period * static_cast<double>(j) / static_cast<double>(2 * steps)));
  return rows;
}

}  // namespace

std::function<const std::vector<FastState>&()> packs_of(const Case& problem, std::size_t members, const lanes::Way& way,
                                                        const Mesh& mesh, bool single) {
  const auto batch = std::make_shared<Batch<BeatRequest, ForcingRow<double>>>(
      problem, members, mesh.steps(), [&](const Drive& drive) { return product_table(drive, mesh); });
  for (BeatRequest& request : batch->requests) request.single = single;
  return [batch, way]() -> const std::vector<FastState>& { return batch->pass(way); };
}

std::function<const std::vector<FastState>&()> packs_of(const Case& problem, std::size_t members,
                                                        const ExplicitWay& way, std::size_t steps) {
  const auto batch = std::make_shared<Batch<ExplicitRequest, heart::Forcing<double>>>(
      problem, members, steps, [&](const Drive& drive) { return half_step_forcing(drive, steps); });
  return [batch, way]() -> const std::vector<FastState>& { return batch->pass(way); };
}

std::vector<Setting> our_settings(const Case& problem) {
  std::vector<Setting> all;
  const std::size_t members = problem.members.size();
  const std::vector<std::pair<const MeshPlan*, std::vector<double>>> meshes = {
      {&usual_plan, {0.5, 0.625, 0.75, 0.875, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 16}},
      {&finer_plan, {0.625, 0.75, 0.875, 1, 1.25, 1.5, 2, 3, 4, 8}}};
  const auto add = [&](const lanes::Way& way, const Mesh& mesh, bool single) {
    all.push_back(
        {.method = std::string("coronet_") + way.name + (single ? "_single" : "") +
                   (mesh.plan == &finer_plan ? "_finer_mesh" : ""),
         .setting = std::to_string(mesh.steps()),
         .fineness = static_cast<double>(mesh.steps()),
         .prepare = [way, mesh, single](const Case& c, std::size_t n) { return packs_of(c, n, way, mesh, single); },
         .judged = members,
         .timed = way.width == 1 ? std::min<std::size_t>(2, members) : members});
  };
  for (const lanes::Way& way : lanes::ways())
    for (const auto& [plan, refinements] : meshes)
      for (const double refinement : refinements)
        for (const bool single : {false, true})
          if (!single || way.single_width <= members) add(way, {plan, refinement}, single);
  return all;
}

std::vector<Setting> explicit_lane_settings(const Case& problem) {
  std::vector<Setting> all;
  const std::size_t members = problem.members.size();
  const ExplicitWay way = explicit_ways().back();
  for (const double factor : {1.0, 1.1, 1.25, 1.6}) {
    const auto steps = static_cast<std::size_t>(factor * static_cast<double>(problem.stable_steps));
    all.push_back({.method = std::string("rk4_") + way.name,
                   .setting = std::to_string(steps),
                   .fineness = static_cast<double>(steps),
                   .prepare = [way, steps](const Case& c, std::size_t n) { return packs_of(c, n, way, steps); },
                   .judged = members,
                   .timed = members});
  }
  return all;
}

}  // namespace coronet::bench
