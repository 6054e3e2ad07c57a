/// A healthy subendocardial bed of 20 g, round numbers, for the tests: dilated, its five compartments differ as in
/// life.
#pragma once
#include <array>

#include "model/coronary_network.hpp"
#include "model/units.hpp"
#include "tests/model/sequence.hpp"

namespace coronet {

template <class T> struct ExampleBed : bed::Walls<T>, bed::Parameters<T> {
  std::array<T, bed::compartments> V_ref() const {
    std::array<T, bed::compartments> V;
    for (std::size_t k = 0; k < bed::compartments; ++k) V[k] = T(1.0) / this->per_V_ref[k];
    return V;
  }
};

template <class T> ExampleBed<T> example_bed() {
  constexpr std::array<double, 5> A_mmHg = {16.0, 20.5, 20.5, 26.0, 8.3};
  constexpr std::array<double, 5> B_mmHg = {19.5, 26.5, 26.5, 57.8, 18.9};
  constexpr std::array<double, 5> D_mmHg = {1.0, 1.0, 1.0, 1.0, 0.4};
  constexpr std::array<double, 5> reference_mmHg = {45.0, 30.0, 20.0, 10.0, 2.0};  // transmural pressure at V_ref
  constexpr std::array<double, 5> volume_mL = {0.37, 0.04, 0.02, 0.82, 1.0};
  constexpr std::array<double, 5> resistance_share = {0.27, 0.15, 0.10, 0.33, 0.15};
  constexpr std::array<double, 5> diameter_um = {300.0, 80.0, 17.0, 6.0, 40.0};
  constexpr std::array<double, 5> exposure = {0.5, 1.0, 1.0, 1.0, 0.5};
  constexpr double whole_resistance = 75.0 * unit::mmHg / (72.0 * unit::mL_per_min);
  ExampleBed<T> c;
  for (std::size_t k = 0; k < bed::compartments; ++k) {
    const wall::Shape<double> shape = {A_mmHg[k] * unit::mmHg, B_mmHg[k] * unit::mmHg, D_mmHg[k] * unit::mmHg};
    c.shape[k] = {T(shape.A), T(shape.B), T(shape.D)};
    c.per_V_ref[k] = T(1.0 / (volume_mL[k] * unit::mL));
    c.V_max[k] = T(volume_mL[k] * unit::mL / wall::volume(shape, 1.0, reference_mmHg[k] * unit::mmHg));
    c.R_ref[k] = T(whole_resistance * resistance_share[k]);
    c.exposure[k] = T(exposure[k]);
    const auto ratio = viscosity::fit_ratio(diameter_um[k] * unit::um, 0.45);
    for (std::size_t i = 0; i < 4; ++i) c.viscosity[k].c[i] = T(ratio.c[i]);
  }
  return c;
}

/// Volumes of state i of a sequence that fills the space between a third and the whole of what a vessel can hold.
template <class T> std::array<T, bed::compartments> example_volumes(const bed::Parameters<double>& c, int i) {
  std::array<T, bed::compartments> V;
  for (int k = 0; k < 5; ++k) V[k] = T(c.V_max[k] * spread(i, 0.3, 0.95, k));
  return V;
}

/// Ten segments, nine beds, one lesion in the proximal LAD.
template <class T> network::Parameters<T> example_network() {
  network::Parameters<T> n;
  constexpr std::array<double, network::segments> diameter_mm = {4.5, 3.7, 3.0, 1.9, 3.4, 2.7, 1.8, 3.9, 3.3, 2.4};
  for (std::size_t i = 0; i < network::segments; ++i)
    n.segment[i] =
        epicardial::segment<T>({T(0.03), T(diameter_mm[i] * unit::mm), T(1.0 + 0.5 * i)}, T(3.5e-3), T(1055.0));
  epicardial::add_lesion(n.segment[1], stenosis::loss<T>({T(3.7e-3), T(0.55), T(0.01), T(1.52)}, T(3.5e-3), T(1055.0)));
  n.walls = example_bed<T>();
  for (auto& b : n.bed) b = example_bed<T>();
  n.right_ventricular_share = {T(0.06), T(0.0), T(0.3)};
  return n;
}

template <class T> network::State<T> example_state(int i) {
  network::State<T> x;
  for (auto& e : x) e = T(0.0);
  const auto c = example_bed<double>();
  for (std::size_t s = 0; s < network::segments; ++s) {
    x[network::pressure_at + s] = T(spread(i, 60.0, 110.0, static_cast<int>(s)) * unit::mmHg);
    x[network::flow_at + s] = T(spread(i, -1.0, 5.0, static_cast<int>(s) + 10) * unit::mL);
  }
  for (std::size_t b = 0; b < network::beds; ++b) {
    const auto V = example_volumes<T>(c, i + static_cast<int>(b));
    for (std::size_t k = 0; k < bed::compartments; ++k) x[network::volume_index(b, k)] = V[k];
  }
  return x;
}

}  // namespace coronet
