/// Tangents carried along a beat against differences of whole beats.
#include "scenarios/bed_tangents.hpp"

#include <cmath>

#include "scenarios/beat.hpp"
#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;

namespace {

/// The mesh on which the phase's search ended.
const MeshPlan& plan_of(const PhaseResult& phase) {
  return phase.steps_per_beat == beat_mesh_size(1.0, finer_plan) ? finer_plan : usual_plan;
}

/// A phase's beat on the mesh of its search, refined. Where `held`, the pressures at the ends of the arteries stay what they
/// are, as the tangents have it.
struct Beat {
  Beat(const PhaseResult& phase, double refinement, bool held)
      : network(phase.network),
        table(stage_forcing(Drive{phase.heart}, beat_mesh(phase.heart, refinement, plan_of(phase)))) {
    start = start_of_trace(phase);
    if (held)
      for (std::size_t t = 0; t < network::territories; ++t)
        network.segment[network::segment_of(t, network::distal)].compliance *= 1e6;
  }

  struct End {
    network::State<double> state;
    SensedMeans<double> sensed;
  };
  End pass(const network::Parameters<double>& n, network::State<double> x, BedTangents<double>* tangents) const {
    BeatRequest request;
    request.parameters = &n;
    request.forcing = table.data();
    request.steps = table.size();
    request.state = &x;
    request.tangents = tangents;
    pass_beat(request);
    REQUIRE(request.quality.in_range > 0.5);
    return {x, request.sensed};
  }
  /// Central difference by column j of bed b, by hand.
  std::array<double, bed::compartments + senses> difference(std::size_t b, std::size_t j) const {
    constexpr double small = 1e-4;
    const auto moved = [&](double by) {
      network::Parameters<double> n = network;
      network::State<double> x = start;
      if (j < bed::compartments)
        x[network::volume_index(b, j)] *= exp(by);
      else if (j < bed_unknowns)
        n.bed[b].V_max[j - bed::compartments] *= exp(by);
      else
        for (double& R : n.bed[b].R_ref) R *= exp(by);
      return pass(n, x, nullptr);
    };
    const End more = moved(small), less = moved(-small);
    std::array<double, bed::compartments + senses> d{};
    const auto slope = [](double a, double c) { return (a - c) / (2.0 * small); };
    for (std::size_t k = 0; k < bed::compartments; ++k)
      d[k] = slope(more.state[network::volume_index(b, k)], less.state[network::volume_index(b, k)]);
    for (std::size_t k = 0; k < bed::muscular; ++k) {
      d[bed::compartments + sensed_transmural + k] = slope(more.sensed.transmural[b][k], less.sensed.transmural[b][k]);
      d[bed::compartments + sensed_volume + k] = slope(more.sensed.volume[b][k], less.sensed.volume[b][k]);
    }
    d[bed::compartments + sensed_flow] = slope(more.state[network::inflow_at + b], less.state[network::inflow_at + b]);
    return d;
  }

  network::Parameters<double> network;
  std::vector<ForcingRow<double>> table;
  network::State<double> start{};
};

/// Largest differences of tangents from `difference`: ln volumes at the end, transmural pressures in mmHg, ln mean
/// volumes, ln flow.
struct Errors {
  double volume = 0.0, transmural = 0.0, mean_volume = 0.0, flow = 0.0;
};
Errors errors_of(const Beat& beat, std::size_t b) {
  BedTangents<double> tangents;
  const Beat::End end = beat.pass(beat.network, beat.start, &tangents);
  Errors worst;
  const auto note = [](double& most, double error) { most = std::max(most, std::fabs(error)); };
  for (std::size_t j = 0; j < tangent_columns; ++j) {
    const auto d = beat.difference(b, j);
    const auto sensed = [&](std::size_t i) { return tangents.column[b][j].sensed[i] - d[bed::compartments + i]; };
    for (std::size_t k = 0; k < bed::compartments; ++k)
      note(worst.volume, (tangents.column[b][j].volume[k] - d[k]) / end.state[network::volume_index(b, k)]);
    for (std::size_t k = 0; k < bed::muscular; ++k) {
      note(worst.transmural, sensed(sensed_transmural + k) / unit::mmHg);
      note(worst.mean_volume, sensed(sensed_volume + k) / end.sensed.volume[b][k]);
    }
    note(worst.flow, sensed(sensed_flow) / end.state[network::inflow_at + b]);
  }
  return worst;
}

}  // namespace

TEST_CASE("on the mesh of a search tangents are as exact as their header says") {
  for (const char* name : {"healthy", "cmd_structural", "hypertension"})
    for (const PhaseResult& phase : run(name).phases)
      for (const std::size_t b : {network::bed_of(network::lad, network::subendocardium),
                                  network::bed_of(network::rca, network::subepicardium)}) {
        INFO(name << ", " << phase.condition.name << ", bed " << b);
        const Errors e = errors_of(Beat(phase, 1.0, false), b);
        CHECK(e.volume < 0.07);
        CHECK(e.transmural < 5.0);
        CHECK(e.mean_volume < 0.02);
        CHECK(e.flow < 0.12);  // the pressure at the end of the artery answers
      }
}

TEST_CASE("tangents become exact as the steps become short, with order 1") {
  const PhaseResult phase = run("cmd_structural").phases[0];
  const std::size_t b = network::bed_of(network::lad, network::subendocardium);
  const Errors coarse = errors_of(Beat(phase, 4.0, true), b), fine = errors_of(Beat(phase, 16.0, true), b);
  CHECK(fine.volume < 0.35 * coarse.volume);
  CHECK(fine.transmural < 0.35 * coarse.transmural);
  CHECK(fine.mean_volume < 0.35 * coarse.mean_volume);
  CHECK(fine.flow < 0.35 * coarse.flow);
  CHECK(fine.volume < 0.005);
}

TEST_CASE("steppers without a Jacobian of their own carry the same tangents") {
  const PhaseResult phase = run("healthy").phases[0];
  const Drive drive{phase.heart};
  const Beat beat(phase, 16.0, false);
  BedTangents<double> expected, carried;
  beat.pass(beat.network, beat.start, &expected);
  for (const Stepper stepper : {Stepper::runge_kutta_4, Stepper::dormand_prince_5}) {
    BeatIntegrator integrator(drive, {.stepper = stepper});
    network::State<double> x = beat.start;
    integrator.begin(beat.network, x, nullptr, nullptr, &carried);
    CHECK_FALSE(integrator.waits());
    for (std::size_t b = 0; b < network::beds; ++b)
      for (std::size_t j = 0; j < tangent_columns; ++j) {
        INFO("bed " << b << ", column " << j);
        for (std::size_t k = 0; k < bed::compartments; ++k)
          CHECK(carried.column[b][j].volume[k] ==
                Approx(expected.column[b][j].volume[k]).margin(0.02 * x[network::volume_index(b, k)]));
        CHECK(carried.column[b][j].sensed[sensed_flow] ==
              Approx(expected.column[b][j].sensed[sensed_flow]).margin(0.02 * x[network::inflow_at + b]));
      }
  }
}
