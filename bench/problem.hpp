/// What all steppers are measured on: five beats of a patient's network with the tone of a phase held, from the state in
/// which the phase begins its beat. Error: the mean flow of the fifth beat, worst of nine layers, against RK4 with a
/// step far below its stability limit.
#pragma once
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "scenarios/beat.hpp"
#include "scenarios/protocol.hpp"

namespace coronet::bench {

inline constexpr std::size_t beats = 5;

struct Problem {
  std::string patient, phase;
  double stiffness = 1.0;  // divides inertance and compliance of the arteries, so that their rates grow with it
  network::Parameters<double> network{};
  Drive drive;
  FastState start{};
  FastState reference{};  // after five beats
};

/// Processor time of this thread, s: a loaded machine disturbs it least.
inline double cpu_time() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// One way to integrate the problem: `setting` is its steps per beat or tolerance.
struct Method {
  std::string name;
  std::vector<double> settings;
  /// Five beats from `problem.start`; the cumulated volumes are those of the last.
  std::function<FastState(const Problem& problem, double setting)> run;
};

/// Worst relative difference of the layers' flows in the last beat.
double error_of(const Problem& problem, const FastState& end);

Method implicit_method();
std::vector<Method> explicit_methods();
Method cvode_method();

/// Lines of the table of whole searches.
void limit_cycles();

}  // namespace coronet::bench
