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
template <class Request, class Row, class MakeTable> struct Batch {
  std::vector<Member> members;
  std::vector<std::vector<Row>> tables;
  std::vector<FastState> states;
  std::vector<Request> requests;
  std::vector<Request*> pointers;

  Batch(const Case& problem, std::size_t count, std::size_t steps, MakeTable make_table)
      : members(problem.members.begin(), problem.members.begin() + static_cast<long>(count)),
        states(count),
        requests(count) {
    for (std::size_t i = 0; i < count; ++i) {
      tables.push_back(make_table(members[i].drive, steps));
      Request& r = requests[i];
      r.parameters = &members[i].network;
      r.forcing = tables.back().data();
      r.steps = steps;
      if constexpr (requires { r.period; })
        r.period = members[i].drive.waves.period;
      else
        r.steps = tables.back().size();  // each piece between two knots has a whole number of them
      r.state = &states[i];
      pointers.push_back(&r);
    }
  }
  template <class Way> const std::vector<FastState>& pass(const Way& way) {
    for (std::size_t i = 0; i < members.size(); ++i) states[i] = members[i].start;
    for (std::size_t b = 0; b < beats; ++b)
      for (std::size_t first = 0; first < members.size(); first += way.width)
        way.pass(pointers.data() + first, std::min(way.width, members.size() - first));
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
                                                        std::size_t steps) {
  using B = Batch<BeatRequest, ForcingRow<double>, decltype(&product_table)>;
  const auto batch = std::make_shared<B>(problem, members, steps, product_table);
  return [batch, way]() -> const std::vector<FastState>& { return batch->pass(way); };
}

std::function<const std::vector<FastState>&()> packs_of(const Case& problem, std::size_t members,
                                                        const ExplicitWay& way, std::size_t steps) {
  using B = Batch<ExplicitRequest, heart::Forcing<double>, decltype(&half_step_forcing)>;
  const auto batch = std::make_shared<B>(problem, members, steps, half_step_forcing);
  return [batch, way]() -> const std::vector<FastState>& { return batch->pass(way); };
}

std::vector<Setting> our_settings(const Case& problem) {
  std::vector<Setting> all;
  const std::size_t members = problem.members.size();
  for (const lanes::Way& way : lanes::ways())
    for (const std::size_t steps : {21, 26, 32, 37, 42, 53, 63, 84, 105, 126, 147, 168, 189, 210, 252, 336, 672})
      all.push_back({.method = std::string("coronet_") + way.name,
                     .setting = std::to_string(steps),
                     .fineness = static_cast<double>(steps),
                     .prepare = [way, steps](const Case& c, std::size_t n) { return packs_of(c, n, way, steps); },
                     .judged = members,
                     .timed = way.width == 1 ? std::min<std::size_t>(2, members) : members});
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
