/// Steps between the knots of the heart's waves.
#include "scenarios/beat_mesh.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "scenarios/circulation.hpp"
#include "scenarios/protocol.hpp"
#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;

namespace {

std::vector<heart::Waves<double>> many_hearts() {
  std::vector<heart::Waves<double>> all;
  for (const char* rate : {"45", "65", "95", "135"})
    for (const char* systolic : {"95", "180"}) {
      Condition fast_relaxation = rest;
      for (const double relaxation : {0.5, 1.0, 1.4}) {
        fast_relaxation.relaxation_factor = relaxation;
        const auto p = parameters_of("healthy", {std::string("heart.heart_rate_bpm=") + rate,
                                                 std::string("heart.aortic_systolic_mmHg=") + systolic});
        all.push_back(heart_waves(p, fast_relaxation));
      }
    }
  return all;
}

/// Error of the mean of a smooth periodic wave, |w̄ − exact|.
double error_of_mean(const heart::Waves<double>& w, double refinement) {
  double mean = 0.0;
  for (const MeshStep& s : beat_mesh(w, refinement)) {
    const double x = 2.0 * 3.14159265358979323846 * s.time / w.period;
    mean += s.weight * (std::sin(x) * std::sin(x) + 0.3 * std::sin(3.0 * x)) +
            s.slope_weight * (std::sin(2.0 * x) + 0.9 * std::cos(3.0 * x)) * 2.0 * 3.14159265358979323846 / w.period;
  }
  return std::fabs(mean - 0.5);
}

}  // namespace

TEST_CASE("a beat's steps follow one another, fill the beat, and are as many for every heart") {
  for (const heart::Waves<double>& w : many_hearts()) {
    const auto mesh = beat_mesh(w, 1.0);
    CHECK(mesh.size() == std::accumulate(steps_between_knots.begin(), steps_between_knots.end(), std::size_t{0}));
    CHECK(mesh.size() == beat_mesh_size());
    CHECK(beat_mesh(w, 2.0).size() == 2 * mesh.size());
    CHECK(beat_mesh(w, 2.0).size() == beat_mesh_size(2.0));
    double time = 0.0, weights = 0.0, slopes = 0.0;
    for (const MeshStep& s : mesh) {
      CHECK(s.length > 0.0);
      CHECK(s.time == Approx(time).margin(1e-12));
      time += s.length;
      weights += s.weight;
      slopes += s.slope_weight;
    }
    CHECK(time == Approx(w.period).epsilon(1e-13));
    CHECK(weights == Approx(1.0).epsilon(1e-13));
    CHECK(std::fabs(slopes) < 1e-15);
  }
}

TEST_CASE("every knot of the aortic wave is a node, to the last bit") {
  const heart::Waves<double> w = heart_waves(parameters_of("healthy"), rest);
  const auto mesh = beat_mesh(w, 1.0);
  for (std::size_t i = 0; i + 1 < w.aortic.time.size(); ++i)
    CHECK(std::any_of(mesh.begin(), mesh.end(), [&](const MeshStep& s) { return s.time == w.aortic.time[i]; }));
}

TEST_CASE("means over unequal steps are of order 4") {
  for (const heart::Waves<double>& w : many_hearts()) {
    const double coarse = error_of_mean(w, 2.0), fine = error_of_mean(w, 4.0);
    CHECK(coarse < 2e-5);
    CHECK(fine < coarse / 10.0 + 1e-12);
  }
}
