/// Sweep of perfusion pressure: gain, lower limits, oxygen balance, failures that stay where they are.
#include "scenarios/autoregulation.hpp"

#include "io/validation_output.hpp"
#include "scenarios/regulation.hpp"
#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;

namespace {

const Patient& healthy() {
  static const Patient patient = make_patient(parameters_of("healthy"));
  return patient;
}

const Autoregulation& healthy_sweep() {
  static const Autoregulation sweep = sweep_perfusion_pressure(healthy());
  return sweep;
}

/// A made-up sweep from 20 to 160 mmHg whose every bed has this flow.
template <class Flow> Autoregulation made_up(Flow flow_at) {
  Autoregulation sweep;
  sweep.own_pressure_mmHg = 97.0;
  for (double P = 20.0; P <= 160.0; P += 10.0) {
    AutoregulationPoint point;
    point.pressure_mmHg = P;
    point.status = Status::ok;
    point.flow.fill(flow_at(P));
    sweep.points.push_back(point);
  }
  return sweep;
}

}  // namespace

TEST_CASE("gain is 1 where flow is held, 0 for a fixed resistance and below where vessels collapse") {
  CHECK(autoregulation_gain(70.0, 1.0, 120.0, 1.0) == Approx(1.0));
  CHECK(autoregulation_gain(70.0, 0.7, 120.0, 1.2) == Approx(0.0).margin(1e-12));
  CHECK(autoregulation_gain(120.0, 1.2, 70.0, 0.7) == Approx(0.0).margin(1e-12));
  CHECK(autoregulation_gain(40.0, 20.0, 80.0, 60.0) < 0.0);  // flow in proportion to P - 20
  CHECK(autoregulation_gain(50.0, 1.0, 100.0, std::sqrt(2.0)) == Approx(0.5));
}

TEST_CASE("the lower limit of a made-up bed lies where its gain falls through 0.4") {
  // Held above 60 mmHg, in proportion below. Gain 0.458 from 50 to 70 (middle 59.16), 0 from 40 to 60 (48.99)
  const Autoregulation bend = made_up([](double P) { return std::min(P / 60.0, 1.0); });
  const LowerLimit limit = bend.lower_limit_of_layer(network::lad, network::midwall);
  CHECK(limit.found == LowerLimit::Found::yes);
  CHECK(limit.pressure_mmHg == Approx(57.88).margin(0.05));
  CHECK(bend.lower_limit_of_artery(network::rca).pressure_mmHg == Approx(limit.pressure_mmHg));
  CHECK(bend.gain(network::lad) == Approx(1.0));

  CHECK(made_up([](double) { return 1.0; }).lower_limit_of_artery(0).found == LowerLimit::Found::below_range);
  CHECK(made_up([](double P) { return P; }).lower_limit_of_artery(0).found == LowerLimit::Found::not_effective);
  // Flow that ends altogether is no autoregulation either
  const LowerLimit shut = made_up([](double P) { return P < 45.0 ? 0.0 : 1.0; }).lower_limit_of_artery(0);
  CHECK(shut.found == LowerLimit::Found::yes);
  CHECK(shut.pressure_mmHg == Approx(std::sqrt(40.0 * 60.0)));
}

TEST_CASE("a failed pressure is missing in gain and limit and nowhere else") {
  Autoregulation bend = made_up([](double P) { return std::min(P / 60.0, 1.0); });
  bend.points[8].status = Status::no_convergence;  // 100 mmHg
  CHECK(bend.lower_limit_of_artery(0).pressure_mmHg == Approx(57.88).margin(0.05));
  CHECK(std::isnan(bend.gain(network::lad, 70.0, 100.0)));
  CHECK(std::isfinite(bend.gain(network::lad)));
}

TEST_CASE("the healthy sweep has every pressure, by rising pressure, and the flow at rest between its neighbours") {
  const Autoregulation& sweep = healthy_sweep();
  REQUIRE(sweep.status == Status::ok);
  REQUIRE(sweep.points.size() == 15);
  for (std::size_t i = 0; i < sweep.points.size(); ++i) {
    CHECK(sweep.points[i].status == Status::ok);
    CHECK(sweep.points[i].pressure_mmHg == Approx(20.0 + 10.0 * static_cast<double>(i)));
  }
  const double own = territory_flow(sweep.flow_at_rest, network::lad);
  CHECK(territory_flow(sweep.solved_at(90.0)->flow, network::lad) < own);
  CHECK(territory_flow(sweep.solved_at(110.0)->flow, network::lad) > own);
}

TEST_CASE("the sweep's gain is the one that coronet validate prints") {
  const auto rows = validation::run(io::load_validation(), "autoregulation.gain").rows;
  REQUIRE(rows.size() == 1);
  CHECK(healthy_sweep().gain(network::lad) == Approx(rows[0].ours).epsilon(1e-3));
}

TEST_CASE("demand stays fixed: flow times extraction is the same at every pressure that meets it") {
  const double arterial = healthy().parameters.blood.arterial_saturation_percent * unit::percent;
  const double capacity = oxygen_capacity(healthy().parameters);
  for (std::size_t b = 0; b < network::beds; ++b) {
    const double demand = oxygen_demand(healthy().parameters, b);
    for (const AutoregulationPoint& p : healthy_sweep().points) {
      const double used = p.flow[b] * capacity * (arterial - p.venous_saturation[b]);
      CAPTURE(b, p.pressure_mmHg, used / demand);
      if (p.pressure_mmHg >= 50.0)
        CHECK(used == Approx(demand).epsilon(0.05));  // venous tension of 15 mmHg lets 3 % go unmet
      else
        CHECK(used < 1.0001 * demand);
    }
  }
}

TEST_CASE("the subendocardium is the first to lose autoregulation, and a stenosis brings it closer") {
  const Autoregulation& open = healthy_sweep();
  const Autoregulation narrowed = sweep_perfusion_pressure(make_patient(parameters_of("lad_stenosis")));
  REQUIRE(narrowed.status == Status::ok);
  const auto limit = [](const Autoregulation& sweep, std::size_t t, std::size_t l) {
    const LowerLimit found = sweep.lower_limit_of_layer(t, l);
    REQUIRE(found.found == LowerLimit::Found::yes);
    return found.pressure_mmHg;
  };
  // Canty 1988, awake dogs: 38 mmHg in the subendocardium, 25 in the subepicardium (other definition). Measured 42.5
  // and 34.9.
  CHECK(limit(open, network::lad, network::subendocardium) == Approx(38.0).margin(7.0));
  CHECK(limit(open, network::lad, network::subepicardium) == Approx(25.0).margin(12.0));
  for (std::size_t t = 0; t < 2; ++t)
    CHECK(limit(open, t, network::subendocardium) > limit(open, t, network::subepicardium));
  for (std::size_t l = 0; l < network::layers; ++l)
    CHECK(limit(narrowed, network::lad, l) > limit(open, network::lad, l) + 2.0);
  CHECK(limit(narrowed, network::lcx, network::subendocardium) ==
        Approx(limit(open, network::lcx, network::subendocardium)).margin(1.0));
}

TEST_CASE("pressures that are not solved say why and leave the others as they were") {
  PatientState settled = start_of(healthy(), rest);
  REQUIRE(solve_phase(healthy(), rest, {}, &settled).status == Status::ok);
  Numerics hasty;
  hasty.max_beats = 5;
  hasty.period_tolerance = 1e-14;  // nor may plain beats end what the search did not
  const Autoregulation sweep = sweep_perfusion_pressure(healthy(), {}, hasty, &settled);
  REQUIRE(sweep.status == Status::ok);
  REQUIRE(sweep.points.size() == 15);
  std::size_t failed = 0;
  for (const AutoregulationPoint& p : sweep.points) {
    CAPTURE(p.pressure_mmHg, p.failure);
    if (p.status != Status::ok) {
      ++failed;
      CHECK(p.failure.find("no limit cycle after") != std::string::npos);
      continue;
    }
    const AutoregulationPoint& whole = *healthy_sweep().solved_at(p.pressure_mmHg);
    for (std::size_t b = 0; b < network::beds; ++b)
      CHECK(p.flow[b] == Approx(whole.flow[b]).epsilon(p.pressure_mmHg < 97.0 ? 1e-3 : 0.1));  // two branches at 120
  }
  CHECK(failed > 0);
  CHECK(failed < 15);
}
