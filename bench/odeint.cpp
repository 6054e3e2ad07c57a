/// Boost.Odeint's explicit steppers, one patient at a time: RK4 with the forcing computed as the equations ask for it, RK4
/// with the forcing tabulated at half steps, and Dormand-Prince with error control, which goes on through all five beats.
#include <memory>

#include "bench/methods.hpp"

namespace coronet::bench {
namespace {

void forget_volumes(FastState& x) { std::fill(x.begin() + network::dynamic_size, x.end(), 0.0); }

template <class Forcing> FastState rk4(const Member& m, std::size_t steps, const Forcing& forcing) {
  FastState x = m.start;
  const network::Reciprocals<double> per = network::reciprocals(m.network);
  auto system = [&](const FastState& y, FastState& rate, double t) {
    network::rates(m.network, per, y, forcing(t), rate);
  };
  for (std::size_t b = 0; b < beats; ++b) {
    forget_volumes(x);
    integrate_fixed(system, x, m.drive.waves.period, steps, NoObserver{});
  }
  return x;
}

/// States scaled to order 1, so that one tolerance serves all; the flows of the last beat from the cumulated volumes.
FastState dopri5(const Member& m, double tolerance) {
  const FastState& scale = m.scale;
  FastState z, x = m.start;
  const double period = m.drive.waves.period;
  double beat = 0.0;
  const network::Reciprocals<double> per = network::reciprocals(m.network);
  auto system = [&](const FastState& u, FastState& rate, double t) {
    FastState y;
    for (std::size_t i = 0; i < network::state_size; ++i) y[i] = u[i] * scale[i];
    network::rates(m.network, per, y, m.drive.at(t - beat * period), rate);
    for (std::size_t i = 0; i < network::state_size; ++i) rate[i] /= scale[i];
  };
  namespace odeint = boost::numeric::odeint;
  auto stepper = odeint::make_controlled<DormandPrince5<FastState>>(tolerance, tolerance);
  double dt = 1e-4;
  for (std::size_t i = 0; i < network::state_size; ++i) z[i] = x[i] / scale[i];
  for (std::size_t b = 0; b < beats; ++b) {
    forget_volumes(z);
    stepper.stepper().reset();
    beat = static_cast<double>(b);
    double t = beat * period;
    const double end = (beat + 1.0) * period;
    while (end - t > 1e-12) {
      double trial = std::min(dt, end - t);
      const double wanted = trial;
      const bool taken = stepper.try_step(system, z, t, trial) == odeint::success;
      if (!std::isfinite(trial) || trial < 1e-12) return FastState{};  // an error of 1 in every layer
      if (!taken || wanted == dt) dt = trial;  // the last step of a beat says nothing about the next
    }
  }
  for (std::size_t i = 0; i < network::state_size; ++i) x[i] = z[i] * scale[i];
  return x;
}

using One = std::function<FastState(const Member&)>;

/// One by one.
auto each(std::function<One(const Member&)> make) {
  return [make](const Case& problem, std::size_t count) {
    struct Batch {
      std::vector<Member> members;
      std::vector<One> passes;
      std::vector<FastState> ends;
    };
    const auto batch = std::make_shared<Batch>();
    batch->members.assign(problem.members.begin(), problem.members.begin() + static_cast<long>(count));
    for (const Member& m : batch->members) batch->passes.push_back(make(m));
    batch->ends.resize(count);
    return std::function<const std::vector<FastState>&()>([batch]() -> const std::vector<FastState>& {
      for (std::size_t i = 0; i < batch->members.size(); ++i) batch->ends[i] = batch->passes[i](batch->members[i]);
      return batch->ends;
    });
  };
}

}  // namespace

std::vector<Setting> odeint_settings(const Case& problem) {
  std::vector<Setting> all;
  const std::size_t timed = problem.stiffness > 5.0 ? 1 : 2;
  const std::vector<double> factors =
      problem.stiffness > 5.0 ? std::vector<double>{1.0, 1.1, 1.5} : std::vector<double>{1.0, 1.1, 1.5, 2.0, 3.0};
  for (const double factor : factors) {
    const auto steps = static_cast<std::size_t>(factor * static_cast<double>(problem.stable_steps));
    Setting s{.method = "odeint_rk4",
              .setting = std::to_string(steps),
              .fineness = static_cast<double>(steps),
              .prepare = {}};
    s.timed = timed;
    s.prepare = each([steps](const Member&) -> One {
      return [steps](const Member& m) { return rk4(m, steps, [&m](double t) { return m.drive.at(t); }); };
    });
    all.push_back(s);
    s.method = "odeint_rk4_table";
    s.prepare = each([steps](const Member& member) -> One {
      const auto table = std::make_shared<ForcingTable>(member.drive, steps);
      return [steps, table](const Member& m) { return rk4(m, steps, [&](double t) { return table->at(t); }); };
    });
    all.push_back(s);
  }
  for (const double tolerance : {1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 1e-6, 1e-7}) {
    char text[20];
    std::snprintf(text, sizeof text, "%g", tolerance);
    all.push_back({.method = "odeint_dopri5",
                   .setting = text,
                   .fineness = 1.0 / tolerance,
                   .prepare = each([tolerance](const Member&) -> One {
                     return [tolerance](const Member& m) { return dopri5(m, tolerance); };
                   }),
                   .timed = timed});
  }
  return all;
}

}  // namespace coronet::bench
