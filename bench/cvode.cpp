/// CVODE's BDF on the same equations: states scaled to order 1, dense solver; the Jacobian by dual numbers (columns that
/// share no row together) or by CVODE's own differences. It goes on through all five beats without a restart.
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

#include <cmath>
#include <cstring>
#include <memory>

#include "bench/methods.hpp"
#include "model/dual.hpp"

namespace coronet::bench {
namespace {

constexpr std::size_t n = network::outflow_at;  // what flowed out and through the ostia nobody asks for here
constexpr auto size = static_cast<sunindextype>(n);
using D = Dual<double>;
using DualNetwork = network::Parameters<D>;

DualNetwork dual_of(const network::Parameters<double>& c) {
  constexpr std::size_t count = sizeof c / sizeof(double);
  static_assert(sizeof(DualNetwork) == count * sizeof(D));
  std::array<double, count> numbers;
  std::memcpy(numbers.data(), &c, sizeof c);
  std::array<D, count> duals;
  for (std::size_t i = 0; i < count; ++i) duals[i] = D(numbers[i]);
  DualNetwork d;
  std::memcpy(static_cast<void*>(&d), duals.data(), sizeof d);
  return d;
}

heart::Forcing<D> dual_of(const heart::Forcing<double>& f) {
  return {D(f.aortic),       D(f.left_ventricular), D(f.right_ventricular),
          D(f.right_atrial), D(f.activation),       D(f.peak_left_ventricular)};
}

/// Which rows each column reaches, and columns in groups of which no two reach the same row.
struct Pattern {
  std::array<std::vector<std::size_t>, n> rows;
  std::vector<std::vector<std::size_t>> groups;
};
Pattern pattern_of(const Member& m) {
  Pattern p;
  const DualNetwork c = dual_of(m.network);
  const network::Reciprocals<D> per = network::reciprocals(c);
  const heart::Forcing<D> f = dual_of(m.drive.at(0.3 * m.drive.waves.period));
  for (std::size_t column = 0; column < n; ++column) {
    network::State<D> x, rate;
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = D(m.start[i], i == column ? 1.0 : 0.0);
    network::rates(c, per, x, f, rate);
    for (std::size_t row = 0; row < n; ++row)
      if (rate[row].derivative != 0.0) p.rows[column].push_back(row);
  }
  std::vector<std::array<bool, n>> taken;
  for (std::size_t column = 0; column < n; ++column) {
    if (p.rows[column].empty()) continue;
    std::size_t g = 0;
    const auto fits = [&] {
      for (const std::size_t row : p.rows[column])
        if (taken[g][row]) return false;
      return true;
    };
    while (g < p.groups.size() && !fits()) ++g;
    if (g == p.groups.size()) p.groups.emplace_back(), taken.emplace_back().fill(false);
    p.groups[g].push_back(column);
    for (const std::size_t row : p.rows[column]) taken[g][row] = true;
  }
  return p;
}

struct Context {
  const Member& member;
  const Pattern& pattern;
  network::Reciprocals<double> per;
  DualNetwork dual;
  network::Reciprocals<D> dual_per;
  double beat_start;
  FastState unscaled(N_Vector z) const {
    FastState x{};
    for (std::size_t i = 0; i < n; ++i) x[i] = NV_DATA_S(z)[i] * member.scale[i];
    return x;
  }
  heart::Forcing<double> forcing(double t) const {
    const double period = member.drive.waves.period, into = t - beat_start;
    return member.drive.at(into > period ? into - period : into);
  }
};

int rate(double t, N_Vector z, N_Vector dzdt, void* user) {
  const auto& c = *static_cast<Context*>(user);
  FastState f;
  network::rates(c.member.network, c.per, c.unscaled(z), c.forcing(t), f);
  for (std::size_t i = 0; i < n; ++i) NV_DATA_S(dzdt)[i] = f[i] / c.member.scale[i];
  return 0;
}

int jacobian(double t, N_Vector z, N_Vector, SUNMatrix matrix, void* user, N_Vector, N_Vector, N_Vector) {
  const auto& c = *static_cast<Context*>(user);
  const FastState x = c.unscaled(z);
  const heart::Forcing<D> f = dual_of(c.forcing(t));
  SUNMatZero(matrix);
  for (const std::vector<std::size_t>& group : c.pattern.groups) {
    network::State<D> y, r;
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = D(x[i]);
    for (const std::size_t column : group) y[column].derivative = 1.0;
    network::rates(c.dual, c.dual_per, y, f, r);
    for (const std::size_t column : group)
      for (const std::size_t row : c.pattern.rows[column])
        SM_ELEMENT_D(matrix, static_cast<sunindextype>(row), static_cast<sunindextype>(column)) =
            r[row].derivative * c.member.scale[column] / c.member.scale[row];
  }
  return 0;
}

struct Choice {
  double relative, absolute;
  int max_order;
  bool own_jacobian;
};

FastState bdf(const Member& m, const Pattern& pattern, const Choice& choice) {
  const DualNetwork dual = dual_of(m.network);
  Context context{m, pattern, network::reciprocals(m.network), dual, network::reciprocals(dual), 0.0};
  SUNContext sun;
  SUNContext_Create(nullptr, &sun);
  N_Vector z = N_VNew_Serial(size, sun);
  for (std::size_t i = 0; i < n; ++i) NV_DATA_S(z)[i] = i < network::dynamic_size ? m.start[i] / m.scale[i] : 0.0;
  SUNMatrix matrix = SUNDenseMatrix(size, size, sun);
  SUNLinearSolver solver = SUNLinSol_Dense(z, matrix, sun);
  void* cvode = CVodeCreate(CV_BDF, sun);
  CVodeInit(cvode, rate, 0.0, z);
  CVodeSStolerances(cvode, choice.relative, choice.absolute);
  CVodeSetUserData(cvode, &context);
  CVodeSetLinearSolver(cvode, solver, matrix);
  CVodeSetMaxOrd(cvode, choice.max_order);
  if (choice.own_jacobian) CVodeSetJacFn(cvode, jacobian);
  CVodeSetMaxNumSteps(cvode, 1'000'000);
  CVodeSetErrFile(cvode, nullptr);
  FastState x = m.start, before{};
  const double period = m.drive.waves.period;
  for (std::size_t b = 0; b < beats; ++b) {
    context.beat_start = static_cast<double>(b) * period;
    const double end = static_cast<double>(b + 1) * period;
    CVodeSetStopTime(cvode, end);
    before = x;
    double t = 0.0;
    if (CVode(cvode, end, z, &t, CV_NORMAL) < 0) {
      x.fill(std::nan(""));
      break;
    }
    x = context.unscaled(z);
    if (b == 0) std::fill(before.begin() + network::dynamic_size, before.end(), 0.0);
  }
  for (std::size_t i = network::dynamic_size; i < n; ++i) x[i] -= before[i];  // of the last beat
  CVodeFree(&cvode);
  SUNLinSolFree(solver);
  SUNMatDestroy(matrix);
  N_VDestroy(z);
  SUNContext_Free(&sun);
  return x;
}

}  // namespace

std::vector<Setting> cvode_settings(const Case& at) {
  std::vector<Setting> all;
  struct Kind {
    const char* name;
    double absolute;
    int max_order;
    bool own_jacobian;
    std::vector<double> tolerances;
  };
  const std::vector<Kind> kinds = {{"cvode_bdf", 1.0, 5, true, {1e-4, 3e-5, 1e-5, 1e-6, 1e-7}},
                                   {"cvode_bdf_fine_absolute", 0.01, 5, true, {1e-4, 3e-5, 1e-5}},
                                   {"cvode_bdf_order3", 1.0, 3, true, {1e-5}},
                                   {"cvode_bdf_difference_jacobian", 1.0, 5, false, {3e-5, 1e-5, 1e-6}}};
  for (const Kind& kind : kinds)
    for (const double tolerance : kind.tolerances) {
      if (at.stiffness > 5.0 && (kind.absolute < 1.0 || kind.max_order < 5 || tolerance > 3e-5 || tolerance < 3e-7))
        continue;
      char text[20];
      std::snprintf(text, sizeof text, "%g", tolerance);
      const Choice choice{tolerance, tolerance * kind.absolute, kind.max_order, kind.own_jacobian};
      all.push_back({.method = kind.name,
                     .setting = text,
                     .fineness = 1.0 / tolerance,
                     .prepare =
                         [choice](const Case& problem, std::size_t count) {
                           struct Batch {
                             std::vector<Member> members;
                             Pattern pattern;
                             std::vector<FastState> ends;
                           };
                           const auto batch = std::make_shared<Batch>();
                           batch->members.assign(problem.members.begin(),
                                                 problem.members.begin() + static_cast<long>(count));
                           batch->pattern = pattern_of(batch->members[0]);
                           batch->ends.resize(count);
                           return std::function<const std::vector<FastState>&()>(
                               [batch, choice]() -> const std::vector<FastState>& {
                                 for (std::size_t i = 0; i < batch->members.size(); ++i)
                                   batch->ends[i] = bdf(batch->members[i], batch->pattern, choice);
                                 return batch->ends;
                               });
                         },
                     .timed = 1});
    }
  return all;
}

}  // namespace coronet::bench
