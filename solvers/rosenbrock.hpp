/// Rosenbrock steppers: linearly implicit, L-stable, stiffly accurate; one Jacobian and one elimination per step.
///
///   (1/(hγ) − J) u_i = f(t + α_i h, x + Σ_j a_ij u_j) + Σ_j c_ij/h u_j + h γ_i ∂f/∂t,   x_new = x + Σ_j a_sj u_j + u_s
///
/// The last u is the embedded error estimate (order 2 of Rodas3, order 3 of Rodas4). No step control: all lanes of a
/// pack share one mesh, and who needs a finer one is integrated again by himself.
///
/// A System provides, for a scalar or a pack T:
///   void start(const State& x, std::size_t step, const T& g)   evaluate, linearize and eliminate g − J at the step's start
///   const State& rate_by_time() const                          ∂f/∂t there
///   void solve(Stage& stage, std::size_t step)                 fill stage.u(), in any order of components that suits it:
/// y from stage.point(e), asked once for every e; f at y and at time number Stage::time of the tableau (or, unless
/// Stage::evaluates, f of the start); the right-hand side of each equation from stage.right_hand_side(e, f_e).
///
/// Source: Rodas3 Sandu et al. 1997, doi:10.1016/S1352-2310(97)83212-8; Rodas4 Hairer & Wanner 1996, Solving Ordinary
/// Differential Equations II, section IV.10. Both are of their order also where time enters (tests/solvers): in
/// Boost.Odeint's rosenbrock4 one coefficient (d4) has the wrong sign, which leaves order 1 there.
#pragma once
#include <array>
#include <cstddef>
#include <utility>

namespace coronet {

struct Rodas3 {
  static constexpr std::size_t stages = 4;
  static constexpr int order = 3;
  static constexpr double gamma = 0.5;
  static constexpr std::array<double, 2> times = {0.0, 1.0};                         // relative to the step
  static constexpr std::array<std::size_t, stages> time_of = {0, 0, 1, 1};           // α_i
  static constexpr std::array<bool, stages> evaluates = {false, false, true, true};  // else the rate of the start
  static constexpr std::array<double, stages> time_slope = {0.5, 1.5, 0.0, 0.0};     // γ_i
  static constexpr double a[stages][stages] = {{}, {}, {2.0, 0.0}, {2.0, 0.0, 1.0}};
  static constexpr double c[stages][stages] = {{}, {4.0}, {1.0, -1.0}, {1.0, -1.0, -8.0 / 3.0}};
};

struct Rodas4 {
  static constexpr std::size_t stages = 6;
  static constexpr int order = 4;
  static constexpr double gamma = 0.25;
  static constexpr std::array<double, 5> times = {0.0, 0.386, 0.21, 0.63, 1.0};
  static constexpr std::array<std::size_t, stages> time_of = {0, 1, 2, 3, 4, 4};
  static constexpr std::array<bool, stages> evaluates = {false, true, true, true, true, true};
  static constexpr std::array<double, stages> time_slope = {0.25, -0.1043, 0.1035, -0.0362, 0.0, 0.0};
  static constexpr double a[stages][stages] = {
      {},
      {1.544},
      {0.9466785280815826, 0.2557011698983284},
      {3.314825187068521, 2.896124015972201, 0.9986419139977817},
      {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950},
      {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1.0}};
  static constexpr double c[stages][stages] = {
      {},
      {-5.6688},
      {-2.430093356833875, -0.2063599157091915},
      {-0.1073529058151375, -9.594562251023355, -20.47028614809616},
      {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160},
      {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054}};
};

/// Work space and stages of one stepper.
template <class Tableau, class T, std::size_t size> class Rosenbrock {
 public:
  using State = std::array<T, size>;

  /// One step of length h from x, in place. `error()` is the embedded estimate afterwards. `look(x)` sees the start,
  /// once the system has been evaluated there.
  template <class System, class Look>
  void do_step(System& system, State& x, std::size_t step, const T& h, Look&& look) {
    const T per_h = T(1.0) / h;
    system.start(x, step, T(1.0 / Tableau::gamma) * per_h);
    look(x);
    all_stages(system, x, step, h, per_h, std::make_index_sequence<Tableau::stages>());
    for (std::size_t e = 0; e < size; ++e) x[e] = y_[e] + u_[Tableau::stages - 1][e];
  }
  const State& error() const { return u_[Tableau::stages - 1]; }

  /// Stage I as the system sees it: where it is to be evaluated, and where the right-hand sides of its equations go.
  template <std::size_t I> class Stage {
   public:
    static constexpr std::size_t time = Tableau::time_of[I];
    static constexpr bool evaluates = Tableau::evaluates[I];
    Stage(Rosenbrock& stepper, const State& x, const State& by_time, const T& h, const T& per_h)
        : s_(stepper), x_(x), by_time_(by_time), slope_(T(Tableau::time_slope[I]) * h), per_h_(per_h) {}

    /// y of component e; once for each.
    T point(std::size_t e) {
      if constexpr (!evaluates) {
        return x_[e];
      } else {
        const T y = goes_on() ? s_.y_[e] + s_.u_[I - 1][e] : advanced(e, std::make_index_sequence<I>());
        if constexpr (is_kept()) s_.y_[e] = y;
        return y;
      }
    }
    /// Of component e, whose rate there is f.
    T right_hand_side(std::size_t e, const T& f) const {
      T r = f;
      if constexpr (I > 0) r = r + per_h_ * coupled(e, std::make_index_sequence<I>());
      if constexpr (Tableau::time_slope[I] != 0.0) r = r + slope_ * by_time_[e];
      return r;
    }
    State& u() { return s_.u_[I]; }

   private:
    static constexpr bool goes_on() { return Rosenbrock::goes_on(I); }
    static constexpr bool is_kept() { return I + 1 == Tableau::stages || Rosenbrock::goes_on(I + 1); }
    template <std::size_t... J> T advanced(std::size_t e, std::index_sequence<J...>) const {
      T y = x_[e];
      ((y = advanced<J>(y, e)), ...);
      return y;
    }
    template <std::size_t... J> T coupled(std::size_t e, std::index_sequence<J...>) const {
      T sum = T(Tableau::c[I][0]) * s_.u_[0][e];
      ((sum = coupled<J>(sum, e)), ...);
      return sum;
    }
    /// y + a_IJ u_J and sum + c_IJ u_J; nothing is done for a coefficient of 0.
    template <std::size_t J> T advanced(const T& y, std::size_t e) const {
      if constexpr (Tableau::a[I][J] == 0.0)
        return y;
      else
        return y + T(Tableau::a[I][J]) * s_.u_[J][e];
    }
    template <std::size_t J> T coupled(const T& sum, std::size_t e) const {
      if constexpr (J == 0)
        return sum;
      else
        return sum + T(Tableau::c[I][J]) * s_.u_[J][e];
    }

    Rosenbrock& s_;
    const State &x_, &by_time_;
    T slope_, per_h_;
  };

 private:
  /// True where the y of stage i is that of the stage before and its u.
  static constexpr bool goes_on(std::size_t i) {
    if (i == 0 || !Tableau::evaluates[i - 1] || Tableau::a[i][i - 1] != 1.0) return false;
    for (std::size_t j = 0; j + 1 < i; ++j)
      if (Tableau::a[i][j] != Tableau::a[i - 1][j]) return false;
    return true;
  }
  template <class System, std::size_t... I> void all_stages(System& system, const State& x, std::size_t step,
                                                            const T& h, const T& per_h, std::index_sequence<I...>) {
    (pass<I>(system, x, step, h, per_h), ...);
  }
  template <std::size_t I, class System>
  void pass(System& system, const State& x, std::size_t step, const T& h, const T& per_h) {
    Stage<I> stage(*this, x, system.rate_by_time(), h, per_h);
    system.solve(stage, step);
  }

  std::array<State, Tableau::stages> u_;
  State y_;
};

}  // namespace coronet
