/// A study: one patient, some of its parameters varied by a design, and what is kept of every sample.
///
/// A sample is a pure function of (study, index): neither chunks nor threads nor neighbours reach it. `evaluate` is the
/// one door to the solver; everything else about sweeps is written against it.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "scenarios/protocol.hpp"
#include "solvers/distribution.hpp"
#include "solvers/sampling.hpp"

namespace coronet::study {

/// One varied parameter. Words and switches count from 0, in the order of the parameter table.
struct Factor {
  std::string key;                    // of the parameter table
  std::string name;                   // of the result: p_<name>
  std::vector<double> values;         // drawn with equal chance; if empty, the distribution holds
  random::Distribution distribution;  // of numbers
  std::size_t steps = 0;              // points of a grid over the distribution's range (uniform, loguniform)
};

enum class Method { grid, list, latin_hypercube, sobol, monte_carlo, table, saltelli, morris };
inline constexpr const char* method_names[] = {"grid",        "list",  "latin_hypercube", "sobol",
                                               "monte_carlo", "table", "saltelli",        "morris"};

struct Sampling {
  Method method = Method::grid;
  std::size_t count = 0;  // samples; rows of saltelli, trajectories of morris
  std::uint64_t seed = 1;
  std::size_t levels = 4;            // morris
  std::size_t bootstrap = 200;       // resamples behind the confidence bounds of saltelli and morris
  double max_failed_percent = 10.0;  // of rows or trajectories; above, no sensitivity index is given
  bool lattice = true;               // samples of a large study begin between those of a lattice (start_lattice.hpp)
};
inline constexpr const char* start_names[] = {"own", "lattice"};

/// One number kept of every sample.
struct Output {
  std::string name;         // of the index or reading, as in the JSON of `coronet run`
  std::string phase = {};   // empty for an index
  std::string course = {};  // of an index that is a number of a course (course_readings.hpp)
  std::string unit = {}, label = {};
  std::vector<std::string> words = {};  // what the codes 0, 1, … of `endotype` mean
};

struct Study {
  std::string title;
  PatientParameters patient;
  std::vector<std::string> protocols = {"adenosine_iv"};
  std::size_t artery = network::lad;
  std::vector<Factor> factors;
  Sampling sampling;
  std::vector<double> correlation;  // (d × d) of the Gaussian copula, or empty
  std::vector<double> table;        // (samples × d) of method table
  std::vector<std::string> phases;  // of the protocols, in order
  std::vector<Output> outputs;

  std::vector<double> copula;  // Cholesky factor of `correlation`; set by `prepare`
};

/// Checks what can be known without solving anything, completes `phases` and `copula`. Throws ParameterError.
void prepare(Study& study);

/// Names that a study may ask for: indices, numbers of courses among them, and readings of a phase.
const std::vector<Output>& known_indices();
const std::vector<Output>& known_readings();

/// How many samples the study has.
std::size_t sample_count(const Study& study);

struct Sample {
  std::size_t index = 0;
  std::vector<double> values;  // in the order of the factors
};

Sample make_sample(const Study& study, std::size_t index);

/// The patient of a sample. Throws ParameterError.
PatientParameters patient_of(const Study& study, const Sample& sample);

enum class SampleStatus : std::uint8_t { ok = 0, no_convergence, not_finite, invalid_input };
inline constexpr const char* sample_status_names[] = {"ok", "no_convergence", "not_finite", "invalid_input"};

struct SampleResult {
  SampleStatus status = SampleStatus::no_convergence;
  std::string reason;           // empty if ok
  std::vector<double> outputs;  // in the order of the outputs; all NaN unless ok
};

/// Samples to be solved. `sample(i)` and `solved(i, result)` are called in any order and, on several threads, at the same
/// time for different i. `allowed(i)` is asked before sample i is begun, in order and from one thread at a time; once it
/// says no, no other is begun.
struct Work {
  std::size_t count = 0;
  int threads = 0;  // 0: all cores
  std::function<Sample(std::size_t)> sample;
  std::function<void(std::size_t, SampleResult)> solved;
  std::function<bool(std::size_t)> allowed = {};
};

/// Solves them in lanes; equal samples give equal bits, whoever stands beside them. Trouble of a sample ends in its status.
void evaluate(const Study& study, const Work& work);

}  // namespace coronet::study
