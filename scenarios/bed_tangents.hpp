/// What a beat would have done otherwise: derivatives of every bed's beat by where it began and by its tone, carried along
/// the beat itself.
///
///   d(δV)/dt = J δV + B,   (1/h − J_n) (δV_{n+1} − δV_n) = J_n δV_n + B_n                        [1]
///   B = ∂(dV/dt)/∂ ln V_max through ∂P_tm/∂ ln V_max = −V E;   ∂Q/∂ ln R = −Q                   [2]
///
/// Nine columns: by ln V of the five compartments at the beginning, by ln V_max of the three that have muscle, by the ln of
/// all resistances. V_max moves P_tm, which depends on V/V_max alone, and nothing else. J is the bed's own tridiagonal block at the nodes of the
/// mesh; the pressure at the end of the artery is held, so beds do not see one another. [1] is linearly implicit Euler:
/// L-stable and exact where a bed settles. At rest and in hyperaemia, beside differences of whole beats: volumes at the
/// end within 0.07 of their ln, means within 5 mmHg and 0.02 of ln V, flow within 0.1 of its ln, most of which is the
/// held pressure (tests/scenarios/test_bed_tangents.cpp). A search needs no more of them (bed_response.hpp).
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
  using Columns = std::array<T, tangent_columns>;
  std::array<std::array<Columns, bed::compartments>, network::beds> volume;  // δV, m³
  std::array<std::array<Columns, senses>, network::beds> sensed;  // δ of means in Pa and m³, of the inflow in m³

  void begin(const network::State<T>& x) {
    for (std::size_t b = 0; b < network::beds; ++b) {
      for (auto& row : sensed[b]) row.fill(T(0.0));
      for (std::size_t k = 0; k < bed::compartments; ++k) {
        volume[b][k].fill(T(0.0));
        volume[b][k][k] = x[network::volume_index(b, k)];
      }
    }
  }

  /// One step on from where x, s and J stand.
  void pass(const network::State<T>& x, const network::Snapshot<T>& s, const network::Jacobian<T>& J,
            const ForcingRow<T>& row) {
    constexpr std::size_t n = bed::compartments;
    const T per_h = T(1.0) / row.length;
    for (std::size_t b = 0; b < network::beds; ++b) {
      const auto &up = J.by_upstream[b], &down = J.by_downstream[b];
      std::array<T, n> pivot;  // inverse, of 1/h − J
      for (std::size_t k = n; k-- > 0;) {
        T p = per_h - down[k] + up[k + 1];
        if (k + 1 < n) p = p + down[k + 1] * up[k + 1] * pivot[k + 1];
        pivot[k] = T(1.0) / p;
      }
      // flow into and out of a compartment whose V_max grows, and what its P_tm loses
      std::array<T, bed::muscular> lost, drawn, pushed;
      T conductance = up[0];
      for (std::size_t k = 0; k < bed::muscular; ++k) {
        lost[k] = x[network::volume_index(b, k)] * J.elastance[b][k];
        drawn[k] = conductance * lost[k];
        conductance = T(2.0) / (s.bed[b].resistance[k] + s.bed[b].resistance[k + 1]);
        pushed[k] = conductance * lost[k];
      }
      for (std::size_t j = 0; j < tangent_columns; ++j) {
        std::array<T, n> v, change;
        std::array<T, n + 1> flow;
        for (std::size_t k = 0; k < n; ++k) v[k] = volume[b][k][j];
        flow[0] = down[0] * v[0];
        for (std::size_t k = 1; k < n; ++k) flow[k] = up[k] * v[k - 1] + down[k] * v[k];
        flow[n] = up[n] * v[n - 1];
        if (j == resistance_column) {
          for (std::size_t k = 0; k <= n; ++k) flow[k] = flow[k] - s.bed[b].flow[k];
        } else if (j >= n) {
          flow[j - n] = flow[j - n] + drawn[j - n];
          flow[j - n + 1] = flow[j - n + 1] - pushed[j - n];
        }
        for (std::size_t k = 0; k < n; ++k) change[k] = flow[k] - flow[k + 1];
        for (std::size_t k = 0; k < bed::muscular; ++k) {
          const T mean = row.weight * v[k] + row.slope_weight * change[k];
          T& pressure = sensed[b][sensed_transmural + k][j];
          pressure = pressure + J.elastance[b][k] * mean;
          sensed[b][sensed_volume + k][j] = sensed[b][sensed_volume + k][j] + mean;
        }
        if (j >= n && j < bed_unknowns) sensed[b][j - n][j] = sensed[b][j - n][j] - row.weight * lost[j - n];
        for (std::size_t k = n - 1; k-- > 0;) change[k] = change[k] - down[k + 1] * pivot[k + 1] * change[k + 1];
        change[0] = change[0] * pivot[0];
        for (std::size_t k = 1; k < n; ++k) change[k] = (change[k] + up[k] * change[k - 1]) * pivot[k];
        T& inflow = sensed[b][sensed_flow][j];
        inflow = inflow + row.length * (flow[0] + down[0] * change[0]);
        for (std::size_t k = 0; k < n; ++k) volume[b][k][j] = v[k] + change[k];
      }
    }
  }
};

}  // namespace coronet
