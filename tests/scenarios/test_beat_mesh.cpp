/// Steps between the knots of the heart's waves.
#include "scenarios/beat_mesh.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "scenarios/beat.hpp"
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
double error_of_mean(const heart::Waves<double>& w, double refinement, const MeshPlan& plan) {
  double mean = 0.0;
  for (const MeshStep& s : beat_mesh(w, refinement, plan)) {
    const double x = 2.0 * 3.14159265358979323846 * s.time / w.period;
    mean += s.weight * (std::sin(x) * std::sin(x) + 0.3 * std::sin(3.0 * x)) +
            s.slope_weight * (std::sin(2.0 * x) + 0.9 * std::cos(3.0 * x)) * 2.0 * 3.14159265358979323846 / w.period;
  }
  return std::fabs(mean - 0.5);
}

/// Flow into each layer in the fifth beat that follows `start`.
network::State<double> fifth_beat(const network::Parameters<double>& n, network::State<double> x, const Drive& drive,
                                  const std::vector<MeshStep>& mesh) {
  const auto table = stage_forcing(drive, mesh);
  for (int beat = 0; beat < 5; ++beat) {
    BeatRequest request;
    request.parameters = &n;
    request.forcing = table.data();
    request.steps = table.size();
    request.state = &x;
    pass_beat(request);
  }
  return x;
}

}  // namespace

TEST_CASE("a beat's steps follow one another, fill the beat, and are as many for every heart") {
  for (const MeshPlan& plan : {usual_plan, finer_plan})
    for (const heart::Waves<double>& w : many_hearts()) {
      const auto mesh = beat_mesh(w, 1.0, plan);
      CHECK(mesh.size() == std::accumulate(plan.steps.begin(), plan.steps.end(), std::size_t{0}));
      CHECK(mesh.size() == beat_mesh_size(1.0, plan));
      CHECK(beat_mesh(w, 2.0, plan).size() == 2 * mesh.size());
      CHECK(beat_mesh(w, 2.0, plan).size() == beat_mesh_size(2.0, plan));
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

TEST_CASE("steps of the filling grow, halved ones by the root") {
  const heart::Waves<double> w = heart_waves(parameters_of("healthy"), rest);
  const double start = knots_of(w)[filling - 1], end = knots_of(w)[filling];
  for (const double refinement : {1.0, 2.0, 4.0}) {
    std::vector<double> lengths;
    for (const MeshStep& s : beat_mesh(w, refinement, finer_plan))
      if (s.time >= start && s.time < end - 1e-9) lengths.push_back(s.length);
    REQUIRE(lengths.size() == piece_size(filling, refinement, finer_plan));
    for (std::size_t j = 1; j < lengths.size(); ++j)
      CHECK(std::pow(lengths[j] / lengths[j - 1], refinement) == Approx(std::exp(finer_plan.growth)));
  }
}

TEST_CASE("every knot of the aortic wave is a node, to the last bit") {
  const heart::Waves<double> w = heart_waves(parameters_of("healthy"), rest);
  const auto mesh = beat_mesh(w);
  for (std::size_t i = 0; i + 1 < w.aortic.time.size(); ++i)
    CHECK(std::any_of(mesh.begin(), mesh.end(), [&](const MeshStep& s) { return s.time == w.aortic.time[i]; }));
}

TEST_CASE("means over unequal steps are of order 4") {
  for (const MeshPlan& plan : {usual_plan, finer_plan})
    for (const heart::Waves<double>& w : many_hearts()) {
      const double coarse = error_of_mean(w, 2.0, plan), fine = error_of_mean(w, 4.0, plan);
      CHECK(coarse < 2e-5);
      CHECK(fine < coarse / 10.0 + 1e-12);
    }
}

TEST_CASE("the finer mesh follows vessels ten times as stiff, which the usual one does not") {
  const auto error = [](const network::State<double>& x, const network::State<double>& exact) {
    double worst = 0.0;
    for (std::size_t b = 0; b < network::beds; ++b) {
      const double e = std::fabs(x[network::inflow_at + b] / exact[network::inflow_at + b] - 1.0);
      worst = e < worst ? worst : e;  // keeps NaN
    }
    return worst;
  };
  double usual = 0.0;
  for (const char* name : {"healthy", "hypertension", "lad_stenosis"})
    for (const Condition& condition : {rest, adenosine_iv}) {
      INFO(name << ", " << condition.name);
      const PhaseResult phase = solve_phase(make_patient(parameters_of(name)), condition);
      network::Parameters<double> n = phase.network;
      network::State<double> start = start_of_trace(phase);
      for (auto& segment : n.segment) segment.inertance /= 10.0, segment.compliance /= 10.0;
      for (auto& bed : n.bed)
        for (std::size_t k = 0; k < bed::compartments; ++k) bed.V_max[k] /= 10.0, bed.per_V_ref[k] *= 10.0;
      for (std::size_t i = network::volume_at; i < network::dynamic_size; ++i) start[i] /= 10.0;
      const Drive drive{phase.heart};
      const auto after = [&](const MeshPlan& plan, double refinement) {
        return fifth_beat(n, start, drive, beat_mesh(phase.heart, refinement, plan));
      };
      const auto exact = after(finer_plan, 16.0);
      CHECK(error(after(usual_plan, 24.0), exact) < 1e-6);  // another mesh agrees on what is exact
      CHECK(error(after(finer_plan, 1.0), exact) < 1e-4);
      const double e = error(after(usual_plan, 1.0), exact);
      usual = e < usual ? usual : e;
    }
  CHECK_FALSE(usual < 1e-4);
}
