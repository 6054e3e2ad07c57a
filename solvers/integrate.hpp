/// Integration of one period with Boost.Odeint: fixed steps (RK4) or error-controlled (Dormand–Prince 5).
///
/// System:   void operator()(const State& x, State& dxdt, double t)
/// Observer: void operator()(const State& x, double t, double dt), called at the start of every fixed step with the
///           system already evaluated there (so it can look at what the system kept).
#pragma once
#include <boost/numeric/odeint/algebra/array_algebra.hpp>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/generation/make_controlled.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta4.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <cstddef>

namespace coronet {

template <class State> using RungeKutta4 =
    boost::numeric::odeint::runge_kutta4<State, double, State, double, boost::numeric::odeint::array_algebra>;
template <class State> using DormandPrince5 =
    boost::numeric::odeint::runge_kutta_dopri5<State, double, State, double, boost::numeric::odeint::array_algebra>;

struct NoObserver {
  template <class State> void operator()(const State&, double, double) const {}
};

/// Largest |rate| · step that RK4 integrates stably on the negative real axis is 2.785; 2.5 keeps a margin.
inline constexpr double rk4_stability_limit = 2.5;

template <class State, class System, class Observer>
void integrate_fixed(System& system, State& x, double period, std::size_t steps, Observer&& observe) {
  RungeKutta4<State> stepper;
  State dxdt;
  const double dt = period / static_cast<double>(steps);
  for (std::size_t i = 0; i < steps; ++i) {
    const double t = dt * static_cast<double>(i);
    system(x, dxdt, t);
    observe(x, t, dt);
    stepper.do_step([&system](const State& y, State& dydt, double s) { system(y, dydt, s); }, x, dxdt, t, dt);
  }
}

/// Returns the number of accepted steps.
template <class State, class System>
std::size_t integrate_adaptive(System& system, State& x, double from, double to, double tolerance) {
  namespace odeint = boost::numeric::odeint;
  auto stepper = odeint::make_controlled<DormandPrince5<State>>(tolerance, tolerance);
  return odeint::integrate_adaptive(
      stepper, [&system](const State& y, State& dydt, double s) { system(y, dydt, s); }, x, from, to,
      (to - from) / 3.0);
}

}  // namespace coronet
