#include <array>

#include <catch2/catch.hpp>

#include "model/arteriolar_tone.hpp"
#include "model/endothelium.hpp"
#include "model/epicardial_segment.hpp"
#include "model/metabolic_signal.hpp"
#include "model/microvascular_bed.hpp"
#include "model/oxygen.hpp"
#include "tests/model/dimension_scalar.hpp"
#include "tests/model/example_bed.hpp"

namespace coronet {

/// 6.05 m/s + 8.6e-3 m²/s / D: the coefficients hide units.
template <> Dimension epicardial::wave_speed(const Dimension& diameter) {
  return {wave_speed(alike(diameter, {0.0, {1, 0, 0}}, diameter.value).value), {1, 0, -1}};
}

/// Constants of the orders hide µm, mmHg and dyn/cm².
template <> Dimension tone::passive_radius(const Order& order, const Dimension& P) {
  return {passive_radius(order, alike(P, {0.0, {-1, 1, -2}}, P.value).value), {1, 0, 0}};
}
template <> Dimension tone::myogenic_loss(const Order& order, const Dimension& P) {
  return {myogenic_loss(order, alike(P, {0.0, {-1, 1, -2}}, P.value).value), {1, 0, 0}};
}
template <> Dimension tone::shear_factor(const Order& order, const Dimension& shear) {
  return {shear_factor(order, alike(shear, {0.0, {-1, 1, -2}}, shear.value).value), {0, 0, 0}};
}

/// A literal concentration, mol/m³: the amount counts as a number.
template <> Dimension endothelium::half_effect(const Dimension& function) {
  return {half_effect(alike(function, Dimension(1.0), function.value).value), {-3, 0, 0}};
}

namespace {

using Unit = std::array<double, 3>;  // m, kg, s
constexpr Unit pure = {0, 0, 0}, metre = {1, 0, 0}, volume = {3, 0, 0}, per_volume = {-3, 0, 0}, density = {-3, 1, 0},
               per_second = {0, 0, -1};
constexpr Unit pressure = {-1, 1, -2}, flow = {3, 0, -1}, flow_per_second = {3, 0, -2}, viscosity_unit = {-1, 1, -1};
constexpr Unit resistance = {-4, 1, -1}, turbulent = {-7, 1, 0}, inertance = {-4, 1, 0}, compliance = {4, -1, 2};
constexpr Unit elastance = {-4, 1, -2};

bool has(const Dimension& x, const Unit& unit) { return !x.any_unit && x.unit == unit; }

ExampleBed<Dimension> bed_with_units() {
  const auto plain = example_bed<double>();
  ExampleBed<Dimension> c;
  for (std::size_t k = 0; k < bed::compartments; ++k) {
    c.shape[k] = {{plain.shape[k].A, pressure}, {plain.shape[k].B, pressure}, {plain.shape[k].D, pressure}};
    c.V_max[k] = {plain.V_max[k], volume};
    c.per_V_ref[k] = {plain.per_V_ref[k], per_volume};
    c.R_ref[k] = {plain.R_ref[k], resistance};
    c.exposure[k] = {plain.exposure[k], pure};
    for (std::size_t i = 0; i < 4; ++i) c.viscosity[k].c[i] = {plain.viscosity[k].c[i], pure};
  }
  return c;
}

std::array<Dimension, bed::compartments> volumes_with_unit(const Unit& unit) {
  std::array<Dimension, bed::compartments> V;
  for (std::size_t k = 0; k < bed::compartments; ++k) V[k] = {example_bed<double>().V_ref()[k], unit};
  return V;
}

const bed::Input<Dimension> bed_input = {{11e3, pressure}, {700.0, pressure}, {5e3, pressure}};
const Dimension blood_viscosity = {3.5e-3, viscosity_unit}, blood_density = {1055.0, density};
const stenosis::Parameters<Dimension> lesion = {{3e-3, metre}, {0.5, pure}, {0.01, metre}, {1.52, pure}};

}  // namespace

TEST_CASE("a sum of unlike quantities throws and a literal is a pure number") {
  CHECK_THROWS_AS(Dimension(1.0, pressure) + Dimension(1.0, flow), DimensionError);
  CHECK_THROWS_AS(Dimension(1.0, pressure) < Dimension(1.0, flow), DimensionError);
  CHECK_THROWS_AS(Dimension(1.0) + Dimension(1.0, flow), DimensionError);
  CHECK_THROWS_AS(exp(Dimension(1.0, flow)), DimensionError);
  CHECK(has(Dimension(0.0) + Dimension(1.0, flow), flow));
  CHECK(has(Dimension(2.0) * Dimension(1.0, pressure) / Dimension(4.0, flow), resistance));
  CHECK(has(sqrt(Dimension(4.0, inertance) * Dimension(1.0, compliance)), {0, 0, 1}));
}

TEST_CASE("the wall gives pressure, volume and elastance") {
  const wall::Shape<Dimension> shape = {{2e3, pressure}, {3e3, pressure}, {1e2, pressure}};
  const Dimension V_max(1e-6, volume), V(5e-7, volume);
  CHECK(has(wall::transmural_pressure(shape, V_max, V), pressure));
  CHECK(has(wall::volume(shape, V_max, Dimension(4e3, pressure)), volume));
  CHECK(has(wall::volume(shape, V_max, Dimension(-9e3, pressure)), volume));  // its other branch
  CHECK(has(wall::elastance(shape, V_max, V), elastance));
  CHECK_THROWS_AS(wall::volume(shape, V_max, V), DimensionError);
  for (auto wrong : {&wall::Shape<Dimension>::A, &wall::Shape<Dimension>::B, &wall::Shape<Dimension>::D}) {
    auto w = shape;
    (w.*wrong).unit = volume;
    CHECK_THROWS_AS(wall::transmural_pressure(w, V_max, V), DimensionError);
    CHECK_THROWS_AS(wall::volume(w, V_max, Dimension(4e3, pressure)), DimensionError);
  }
}

TEST_CASE("a lesion gives losses per flow, per flow squared and per acceleration") {
  const auto loss = stenosis::loss(lesion, blood_viscosity, blood_density);
  CHECK(has(loss.viscous, resistance));
  CHECK(has(loss.turbulent, turbulent));
  CHECK(has(loss.inertial, inertance));
  auto wrong = lesion;
  wrong.length.unit = pure;  // a length in millimetres, say
  CHECK_THROWS_AS(stenosis::loss(wrong, blood_viscosity, blood_density), DimensionError);
  wrong = lesion;
  wrong.reduction.unit = metre;
  CHECK_THROWS_AS(stenosis::loss(wrong, blood_viscosity, blood_density), DimensionError);
}

TEST_CASE("a segment and its lesion change flow in cubic metres per second squared") {
  auto s = epicardial::segment<Dimension>({{0.04, metre}, {3e-3, metre}, {2.0, pure}}, blood_viscosity, blood_density);
  CHECK(has(s.resistance, resistance));
  CHECK(has(s.inertance, inertance));
  CHECK(has(s.compliance, compliance));
  epicardial::add_lesion(s, stenosis::loss(lesion, blood_viscosity, blood_density));
  epicardial::stiffen(s, {0.01, metre});
  CHECK(has(s.compliance, compliance));
  const Dimension p_in(12e3, pressure), p_out(11e3, pressure), Q(2e-6, flow);
  const Dimension per_inertance = Dimension(1.0) / s.inertance;
  CHECK(has(epicardial::flow_rate_of_change(s, p_in, p_out, Q, per_inertance), flow_per_second));
  CHECK(has(Q / s.compliance, {-1, 1, -3}));  // dP/dt
  CHECK_THROWS_AS(epicardial::flow_rate_of_change(s, p_in, p_out, Dimension(2e-6, volume), per_inertance),
                  DimensionError);
  // A product cannot throw; a wrong factor shows in the unit that comes out
  const auto wrong =
      epicardial::segment<Dimension>({{0.04, metre}, {3e-3, metre}, {2.0, pure}}, blood_density, blood_density);
  CHECK_FALSE(has(wrong.resistance, resistance));
  CHECK_THROWS_AS(
      epicardial::segment<Dimension>({{0.04, metre}, {3e-3, volume}, {2.0, pure}}, blood_viscosity, blood_density),
      DimensionError);
}

TEST_CASE("a bed fills and relaxes in units of volume and time") {
  const auto c = bed_with_units();
  const auto V = volumes_with_unit(volume);
  const auto r = bed::rate(c, c, V, bed_input);
  for (std::size_t k = 0; k < bed::compartments; ++k) {
    CHECK(has(r.volume_rate[k], flow));
    CHECK(has(r.pressure[k], pressure));
    CHECK(has(r.resistance[k], resistance));
    CHECK(has(bed::viscous_loss(r, k), pressure));
  }
  for (const Dimension& q : r.flow) CHECK(has(q, flow));
  CHECK(has(bed::volume_imbalance(r), flow));
  CHECK(has(bed::fastest_rate(c, c, V, r), per_second));
}

TEST_CASE("a bed refuses a state, an input or a parameter of a wrong unit") {
  const auto c = bed_with_units();
  const auto V = volumes_with_unit(volume);
  CHECK_THROWS_AS(bed::rate(c, c, volumes_with_unit(metre), bed_input), DimensionError);
  CHECK_THROWS_AS(bed::rate(c, c, V, {bed_input.p_in, {1.0, flow}, bed_input.p_im}), DimensionError);
  CHECK_THROWS_AS(bed::rate(c, c, V, {bed_input.p_in, bed_input.p_out, {100.0, pure}}), DimensionError);
  auto wrong = c;
  wrong.R_ref[2].unit = inertance;
  CHECK_THROWS_AS(bed::rate(wrong, wrong, V, bed_input), DimensionError);
}

TEST_CASE("oxygen balance gives a pure saturation") {
  const Dimension arterial(0.97, pure), consumption(1.4e-7, flow), capacity(0.19, pure);
  CHECK(has(oxygen::venous_saturation(arterial, {1e-6, flow}, consumption, capacity), pure));
  CHECK_THROWS_AS(oxygen::venous_saturation(arterial, {1e-6, volume}, consumption, capacity), DimensionError);
}

TEST_CASE("relative loss of radius and shear factor are pure numbers of pressures") {
  const auto b = tone::blend(40.0 * unit::um);
  CHECK(has(tone::relative_loss(b, Dimension(5e3, pressure)), pure));
  CHECK(has(tone::shear_factor(b, Dimension(1.5, pressure)), pure));
  CHECK_THROWS_AS(tone::relative_loss(b, Dimension(40.0, pure)), DimensionError);  // millimetres of mercury, say
  CHECK_THROWS_AS(tone::shear_factor(b, Dimension(1.5, per_second)), DimensionError);
  CHECK(has(tone::time_constant(Dimension(0.2, pure), Dimension(0.3, pure)), pure));  // seconds, hidden in its literal
  CHECK_THROWS_AS(tone::time_constant(Dimension(0.2, pure), Dimension(2e-5, metre)), DimensionError);
}

TEST_CASE("metabolic dilation is a pure number of pure numbers") {
  const metabolic::Parameters<Dimension> c = {{0.3, pure}, {0.3, pure}, {0.1, pure}};
  const metabolic::Input<Dimension> u = {{0.28, pure}, {0.97, pure}, {1.2, pure}, {1.1, pure}, {1.2, pure}};
  for (std::size_t signal : {metabolic::venous_atp, metabolic::mvo2_flow, metabolic::feedback_feedforward}) {
    CAPTURE(signal);
    CHECK(has(metabolic::dilation(signal, c, u), pure));
    auto wrong = u;
    wrong.demand.unit = wrong.consumption.unit = flow;  // not relative to rest
    CHECK_THROWS_AS(metabolic::dilation(signal, c, wrong), DimensionError);
  }
  auto wrong = u;
  wrong.flow.unit = flow;
  CHECK_THROWS_AS(metabolic::dilation<Dimension>(metabolic::mvo2_flow, c, wrong), DimensionError);
  wrong = u;
  wrong.saturation.unit = pressure;  // a tension
  CHECK_THROWS_AS(metabolic::dilation<Dimension>(metabolic::venous_atp, c, wrong), DimensionError);
}

TEST_CASE("nitric oxide is a pure number of a concentration") {
  // Direct constriction and epicardial diameter hide their concentration in a literal: no check there.
  const Dimension function(0.8, pure), shear_factor(0.2, pure);
  const Unit concentration = {-3, 0, 0};
  CHECK(has(endothelium::nitric_oxide(bed::arteriole, function, shear_factor, {1e-4, concentration}), pure));
  CHECK_THROWS_AS(endothelium::nitric_oxide(bed::arteriole, function, shear_factor, {1e-4, pure}), DimensionError);
  CHECK_THROWS_AS(endothelium::nitric_oxide(bed::arteriole, function, {1.5, pressure}, {1e-4, concentration}),
                  DimensionError);
}

}  // namespace coronet
