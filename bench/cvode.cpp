/// CVODE's BDF on the same equations, states scaled to order 1, dense solver with our Jacobian.
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

#include "bench/problem.hpp"

namespace coronet::bench {
namespace {

constexpr auto size = static_cast<sunindextype>(network::state_size);

struct Context {
  const Problem& problem;
  FastState scale;
  FastState unscaled(N_Vector z) const {
    FastState x;
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = NV_DATA_S(z)[i] * scale[i];
    return x;
  }
};

int rate(double t, N_Vector z, N_Vector dzdt, void* user) {
  const auto& c = *static_cast<Context*>(user);
  FastState f;
  network::rates(c.problem.network, c.unscaled(z), c.problem.drive.at(t), f);
  for (std::size_t i = 0; i < f.size(); ++i) NV_DATA_S(dzdt)[i] = f[i] / c.scale[i];
  return 0;
}

int jacobian(double t, N_Vector z, N_Vector, SUNMatrix matrix, void* user, N_Vector, N_Vector, N_Vector) {
  using namespace network;
  const auto& c = *static_cast<Context*>(user);
  const FastState x = c.unscaled(z);
  Snapshot<double> s;
  evaluate(c.problem.network, x, c.problem.drive.at(t), s);
  Jacobian<double> J;
  linearize(c.problem.network, x, s, J);
  SUNMatZero(matrix);
  const auto add = [&](std::size_t row, std::size_t column, double value) {
    SM_ELEMENT_D(matrix, static_cast<sunindextype>(row), static_cast<sunindextype>(column)) +=
        value * c.scale[column] / c.scale[row];
  };
  for (std::size_t b = 0; b < beds; ++b) {
    const std::size_t end = pressure_at + segment_of(b / layers, distal);
    const auto flow = [&](std::size_t row, double sign, std::size_t k) {  // row gains sign · flow k of the bed
      add(row, k == 0 ? end : volume_index(b, k - 1), sign * J.by_upstream[b][k]);
      if (k < bed::compartments) add(row, volume_index(b, k), sign * J.by_downstream[b][k]);
    };
    for (std::size_t k = 0; k < bed::compartments; ++k)
      flow(volume_index(b, k), 1.0, k), flow(volume_index(b, k), -1.0, k + 1);
    flow(inflow_at + b, 1.0, 0);
    flow(outflow_at + b, 1.0, bed::compartments);
    flow(end, -J.per_compliance[segment_of(b / layers, distal)], 0);
  }
  for (std::size_t i = 0; i < segments; ++i) {
    add(flow_at + i, flow_at + i, -J.damping[i]);
    add(flow_at + i, pressure_at + i, -J.per_inertance[i]);
    add(pressure_at + i, flow_at + i, J.per_compliance[i]);
    const std::size_t up = upstream_of(i);
    if (up == segments) continue;
    add(flow_at + i, pressure_at + up, J.per_inertance[i]);
    add(pressure_at + up, flow_at + i, -J.per_compliance[up]);
  }
  add(ostial_at, flow_at + left_main, 1.0);
  add(ostial_at + 1, flow_at + segment_of(rca, proximal), 1.0);
  return 0;
}

FastState bdf(const Problem& p, double tolerance) {
  Context context{p, typical_state()};
  SUNContext sun;
  SUNContext_Create(nullptr, &sun);
  N_Vector z = N_VNew_Serial(size, sun);
  SUNMatrix matrix = SUNDenseMatrix(size, size, sun);
  SUNLinearSolver solver = SUNLinSol_Dense(z, matrix, sun);
  void* cvode = CVodeCreate(CV_BDF, sun);
  CVodeInit(cvode, rate, 0.0, z);
  CVodeSStolerances(cvode, tolerance, tolerance);
  CVodeSetUserData(cvode, &context);
  CVodeSetLinearSolver(cvode, solver, matrix);
  CVodeSetJacFn(cvode, jacobian);
  CVodeSetMaxNumSteps(cvode, 1'000'000);
  FastState x = p.start;
  for (std::size_t b = 0; b < beats; ++b) {
    for (std::size_t i = 0; i < x.size(); ++i)
      NV_DATA_S(z)[i] = i < network::dynamic_size ? x[i] / context.scale[i] : 0.0;
    CVodeReInit(cvode, 0.0, z);
    CVodeSetStopTime(cvode, p.drive.waves.period);
    double t = 0.0;
    if (CVode(cvode, p.drive.waves.period, z, &t, CV_NORMAL) < 0)
      x.fill(std::nan(""));
    else
      x = context.unscaled(z);
  }
  CVodeFree(&cvode);
  SUNLinSolFree(solver);
  SUNMatDestroy(matrix);
  N_VDestroy(z);
  SUNContext_Free(&sun);
  return x;
}

}  // namespace

Method cvode_method() { return {"cvode_bdf", {1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8}, bdf}; }

}  // namespace coronet::bench
