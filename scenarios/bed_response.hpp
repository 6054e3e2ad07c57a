/// How a bed answers a beat later and in the long run: what turns a beat of a patient into a leap to his limit cycle.
///
/// One beat takes a bed from v = ln V (five volumes) and c (three relative losses of radius) to volumes v′ and to what
/// regulation senses of it, y = (transmural pressures, ln mean volumes, ln flow). Around a reference beat
///
///   δv′ = S_vv δv + S_vc δc,   δy = S_yv δv + S_yc δc                                        [1]
///
/// Once the volumes have settled (v′ = v) after a beat that changed them by f at an unchanged c,
///
///   δv = K f + W δc,  K = (1 − S_vv)⁻¹, W = K S_vc;   δy = Y f + D δc,  Y = S_yv K, D = S_yc + S_yv W   [2]
///
/// so that the regulated state is where c = target(y + Y f + D δc): three equations per bed, solved with the patient's own
/// law of tone (limit_cycle.cpp). A last column of S is that by ln R, for a search that turns a knob on resistance. S is the
/// patient's own and comes with one of his beats (bed_tangents.hpp). Beds act on one another only through the pressure at
/// the end of their artery: with exact blocks the distance falls 11- to 100-fold per beat (largest eigenvalue, nine
/// patients), with those of another adult 3- to 10-fold.
///
/// Whatever S is, the fixed point is the patient's own: the leap is nothing where v′ = v and c is the target.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "scenarios/bed_tangents.hpp"
#include "scenarios/regulation.hpp"

namespace coronet {

template <std::size_t rows, std::size_t columns> using Matrix = std::array<std::array<double, columns>, rows>;

/// Solves A X = B: Gauss with partial pivoting, in a fixed order of operations. B becomes X.
template <std::size_t n, std::size_t m> void solve(Matrix<n, n> A, Matrix<n, m>& B) {
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t p = c;
    for (std::size_t i = c + 1; i < n; ++i)
      if (std::fabs(A[i][c]) > std::fabs(A[p][c])) p = i;
    std::swap(A[c], A[p]), std::swap(B[c], B[p]);
    for (std::size_t i = c + 1; i < n; ++i) {
      const double factor = A[i][c] / A[c][c];
      for (std::size_t k = c; k < n; ++k) A[i][k] -= factor * A[c][k];
      for (std::size_t k = 0; k < m; ++k) B[i][k] -= factor * B[c][k];
    }
  }
  for (std::size_t i = n; i-- > 0;)
    for (std::size_t k = 0; k < m; ++k) {
      for (std::size_t j = i + 1; j < n; ++j) B[i][k] -= A[i][j] * B[j][k];
      B[i][k] /= A[i][i];
    }
}

struct BedResponse {
  Matrix<bed::compartments, bed::compartments> settled;  // K
  Matrix<bed::compartments, bed::muscular> by_tone;      // W
  Matrix<senses, bed::compartments> sensed_by_change;    // Y
  Matrix<senses, bed::muscular> sensed_by_tone;          // D
  std::array<double, bed::compartments> by_resistance;   // W and D of ln R
  std::array<double, senses> sensed_by_resistance;
};

/// [2] of S, whose rows are v′, y and whose columns are those of BedTangents.
inline BedResponse long_run(const Matrix<bed::compartments + senses, tangent_columns>& S) {
  constexpr std::size_t n = bed::compartments;
  Matrix<n, n> A{};
  Matrix<n, tangent_columns> X{};  // (1, S_vc) becomes (K, W)
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) A[i][k] = (i == k ? 1.0 : 0.0) - S[i][k];
    X[i][i] = 1.0;
    for (std::size_t k = n; k < tangent_columns; ++k) X[i][k] = S[i][k];
  }
  solve(A, X);
  Matrix<senses, tangent_columns> Z{};  // (Y, D)
  for (std::size_t i = 0; i < senses; ++i)
    for (std::size_t k = 0; k < tangent_columns; ++k) {
      Z[i][k] = k < n ? 0.0 : S[n + i][k];
      for (std::size_t l = 0; l < n; ++l) Z[i][k] += S[n + i][l] * X[l][k];
    }
  BedResponse r{};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) r.settled[i][k] = X[i][k];
    for (std::size_t k = 0; k < bed::muscular; ++k) r.by_tone[i][k] = X[i][n + k];
    r.by_resistance[i] = X[i][resistance_column];
  }
  for (std::size_t i = 0; i < senses; ++i) {
    for (std::size_t k = 0; k < n; ++k) r.sensed_by_change[i][k] = Z[i][k];
    for (std::size_t k = 0; k < bed::muscular; ++k) r.sensed_by_tone[i][k] = Z[i][n + k];
    r.sensed_by_resistance[i] = Z[i][resistance_column];
  }
  return r;
}

using Response = std::array<BedResponse, network::beds>;

/// What a beat that carried tangents says: `end` is the state it ended in, `means` what was sensed of it, `tone` the one
/// it was passed with.
inline Response response_of(const BedTangents<double>& tangents, const network::State<double>& end,
                            const BeatMeans& means, const Tone& tone) {
  Response response;
  for (std::size_t b = 0; b < network::beds; ++b) {
    Matrix<bed::compartments + senses, tangent_columns> S;
    double held = 0.0;
    for (std::size_t k = 0; k < bed::compartments; ++k) held += end[network::volume_index(b, k)];
    const double inflow = std::max(end[network::inflow_at + b], 0.01 * held);  // hardly any behind an occlusion
    for (std::size_t j = 0; j < tangent_columns; ++j) {
      const bool by_tone = j >= bed::compartments && j < bed_unknowns;  // V_max ∝ (1 − c)²
      const double by = by_tone ? -2.0 / (1.0 - tone[b][j - bed::compartments]) : 1.0;
      const auto& [volume, sensed] = tangents.column[b][j];
      for (std::size_t k = 0; k < bed::compartments; ++k) S[k][j] = by * volume[k] / end[network::volume_index(b, k)];
      for (std::size_t k = 0; k < bed::muscular; ++k) {
        S[bed::compartments + sensed_transmural + k][j] = by * sensed[sensed_transmural + k];
        S[bed::compartments + sensed_volume + k][j] = by * sensed[sensed_volume + k] / means.volume[b][k];
      }
      S[bed::compartments + sensed_flow][j] = by * sensed[sensed_flow] / inflow;
    }
    response[b] = long_run(S);
  }
  return response;
}

}  // namespace coronet
