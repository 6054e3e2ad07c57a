/// Boost.Odeint's explicit steppers on the same equations: RK4 with the forcing computed as the equations ask for it, RK4
/// with the forcing tabulated at half steps, and Dormand-Prince with error control.
#include "bench/problem.hpp"

namespace coronet::bench {
namespace {

void forget_volumes(FastState& x) { std::fill(x.begin() + network::dynamic_size, x.end(), 0.0); }

template <class Forcing> FastState rk4(const Problem& p, std::size_t steps, const Forcing& forcing) {
  FastState x = p.start;
  auto system = [&](const FastState& y, FastState& rate, double t) { network::rates(p.network, y, forcing(t), rate); };
  for (std::size_t b = 0; b < beats; ++b) {
    forget_volumes(x);
    integrate_fixed(system, x, p.drive.waves.period, steps, NoObserver{});
  }
  return x;
}

FastState dopri5(const Problem& p, double tolerance) {
  const FastState scale = typical_state();
  FastState z, x = p.start;
  auto system = [&](const FastState& u, FastState& rate, double t) {
    FastState y;
    for (std::size_t i = 0; i < network::state_size; ++i) y[i] = u[i] * scale[i];
    network::rates(p.network, y, p.drive.at(t), rate);
    for (std::size_t i = 0; i < network::state_size; ++i) rate[i] /= scale[i];
  };
  for (std::size_t b = 0; b < beats; ++b) {
    forget_volumes(x);
    for (std::size_t i = 0; i < network::state_size; ++i) z[i] = x[i] / scale[i];
    integrate_adaptive(system, z, 0.0, p.drive.waves.period, tolerance);
    for (std::size_t i = 0; i < network::state_size; ++i) x[i] = z[i] * scale[i];
  }
  return x;
}

}  // namespace

std::vector<Method> explicit_methods() {
  const std::vector<double> steps = {200, 300, 400, 600, 800, 1200, 1600, 2400, 3200, 4800, 6400, 9600, 12800, 19200};
  return {{"odeint_rk4", steps,
           [](const Problem& p, double setting) {
             return rk4(p, static_cast<std::size_t>(setting), [&](double t) { return p.drive.at(t); });
           }},
          {"odeint_rk4_table", steps,
           [](const Problem& p, double setting) {
             const auto n = static_cast<std::size_t>(setting);
             const ForcingTable table(p.drive, n);
             return rk4(p, n, [&](double t) { return table.at(t); });
           }},
          {"odeint_dopri5", {1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7}, dopri5}};
}

}  // namespace coronet::bench
