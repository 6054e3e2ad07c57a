/// What a beat would have done otherwise: derivatives of every bed's beat by where it began and by its tone, carried along
/// the beat itself.
///
///   d(δV)/dt = J δV + B,   (1/h − J_n) (δV_{n+1} − δV_n) = J_n δV_n + B_n                        [1]
///   B = ∂(dV/dt)/∂ ln V_max through ∂P_tm/∂ ln V_max = −V E;   ∂Q/∂ ln R = −Q                   [2]
///
/// Nine columns: by ln V of the five compartments at the beginning, by ln V_max of the three that have muscle, by the ln of
/// all resistances. V_max moves P_tm, which depends on V/V_max alone, and nothing else. J is the bed's own tridiagonal block at the nodes of the
/// mesh; the pressure at the end of the artery is held, so beds do not see one another. [1] is linearly implicit Euler:
/// L-stable and exact where a bed settles. On the mesh of a search, beside differences of whole beats without a lesion:
/// volumes at the end within 0.07 of their ln, means within 5 mmHg and 0.02 of ln V, flow within 0.12 of its ln, most of
/// which is the held pressure (tests/scenarios/test_bed_tangents.cpp). A search needs no more of them (bed_response.hpp).
///
/// | symbol  | meaning                                                  | unit       | valid range |
/// |---------|----------------------------------------------------------|------------|-------------|
/// | δV      | derivative of a volume                                   | m³         |             |
/// | J, E    | network_jacobian.hpp                                     | 1/s, Pa/m³ |             |
/// | h       | length of the step                                       | s          | > 0         |
///
/// Differs from a Rosenbrock step of order 4: one stage instead of six, so that all columns cost a part of a beat.
#pragma once
#include <array>
#include <cstddef>

#include "scenarios/beat_kernel.hpp"

namespace coronet {

/// What regulation senses of one bed, in this order: transmural pressures, volumes, flow.
enum Sensed : std::size_t { sensed_transmural = 0, sensed_volume = bed::muscular, sensed_flow = 2 * bed::muscular };
inline constexpr std::size_t senses = 2 * bed::muscular + 1;
inline constexpr std::size_t bed_unknowns = bed::compartments + bed::muscular;
inline constexpr std::size_t resistance_column = bed_unknowns;
inline constexpr std::size_t tangent_columns = bed_unknowns + 1;

template <class T> struct BedTangents {
  struct Column {
    std::array<T, bed::compartments> volume;  // δV, m³
    std::array<T, senses> sensed;             // δ of means in Pa and m³, of the inflow in m³
  };
  std::array<std::array<Column, tangent_columns>, network::beds> column;

  void begin(const network::State<T>& x) {
    for (std::size_t b = 0; b < network::beds; ++b)
      for (std::size_t j = 0; j < tangent_columns; ++j) {
        Column& c = column[b][j];
        c.volume.fill(T(0.0));
        c.sensed.fill(T(0.0));
        if (j < bed::compartments) c.volume[j] = x[network::volume_index(b, j)];
      }
  }

  /// One step on from where x, s and J stand.
  void pass(const network::State<T>& x, const network::Snapshot<T>& s, const network::Jacobian<T>& J,
            const ForcingRow<T>& row) {
    constexpr std::size_t n = bed::compartments;
    const T per_h = T(1.0) / row.length;
    for (std::size_t b = 0; b < network::beds; ++b) {
      const auto &up = J.by_upstream[b], &down = J.by_downstream[b];
      const auto& E = J.elastance[b];
      std::array<T, n> pivot;  // inverse, of 1/h − J
      for (std::size_t k = n; k-- > 0;) {
        T p = per_h - down[k] + up[k + 1];
        if (k + 1 < n) p = p + down[k + 1] * up[k + 1] * pivot[k + 1];
        pivot[k] = T(1.0) / p;
      }
      /// `drive` adds what the column itself does to the flows.
      const auto advance = [&](Column& c, auto&& drive) {
        auto& v = c.volume;
        std::array<T, n + 1> flow;
        flow[0] = down[0] * v[0];
        for (std::size_t k = 1; k < n; ++k) flow[k] = up[k] * v[k - 1] + down[k] * v[k];
        flow[n] = up[n] * v[n - 1];
        drive(flow);
        std::array<T, n> change;
        for (std::size_t k = 0; k < n; ++k) change[k] = flow[k] - flow[k + 1];
        for (std::size_t k = 0; k < bed::muscular; ++k) {
          const T mean = row.weight * v[k] + row.slope_weight * change[k];
          c.sensed[sensed_transmural + k] = c.sensed[sensed_transmural + k] + E[k] * mean;
          c.sensed[sensed_volume + k] = c.sensed[sensed_volume + k] + mean;
        }
        for (std::size_t k = n - 1; k-- > 0;) change[k] = change[k] - down[k + 1] * pivot[k + 1] * change[k + 1];
        change[0] = change[0] * pivot[0];
        for (std::size_t k = 1; k < n; ++k) change[k] = (change[k] + up[k] * change[k - 1]) * pivot[k];
        c.sensed[sensed_flow] = c.sensed[sensed_flow] + row.length * (flow[0] + down[0] * change[0]);
        for (std::size_t k = 0; k < n; ++k) v[k] = v[k] + change[k];
      };
      for (std::size_t j = 0; j < n; ++j) advance(column[b][j], [](auto&) {});
      T conductance = up[0];  // from the compartment before
      for (std::size_t k = 0; k < bed::muscular; ++k) {
        const T lost = x[network::volume_index(b, k)] * E[k];  // −∂P_tm/∂ ln V_max
        const T drawn = conductance * lost;
        conductance = T(2.0) / (s.bed[b].resistance[k] + s.bed[b].resistance[k + 1]);
        const T pushed = conductance * lost;
        Column& c = column[b][n + k];
        c.sensed[sensed_transmural + k] = c.sensed[sensed_transmural + k] - row.weight * lost;
        advance(c, [&](auto& flow) {
          flow[k] = flow[k] + drawn;
          flow[k + 1] = flow[k + 1] - pushed;
        });
      }
      advance(column[b][resistance_column], [&](auto& flow) {
        for (std::size_t k = 0; k <= n; ++k) flow[k] = flow[k] - s.bed[b].flow[k];
      });
    }
  }
};

}  // namespace coronet
