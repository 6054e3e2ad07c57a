#include "scenarios/start_lattice.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "scenarios/limit_cycle.hpp"
#include "scenarios/parameter_table.hpp"

namespace coronet::study {
namespace {

/// All values that a factor can have, rising, each once; none where they are those of a distribution.
std::vector<double> values_of(const Study& study, std::size_t k) {
  const Factor& f = study.factors[k];
  std::vector<double> values = f.values;
  if (study.sampling.method == Method::table)
    for (std::size_t i = k; i < study.table.size(); i += study.factors.size()) values.push_back(study.table[i]);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

/// `count` of them, or of the distribution's, in equal distances of probability.
std::vector<double> axis_of(const Study& study, std::size_t k, std::size_t count) {
  const std::vector<double> all = values_of(study, k);
  std::vector<double> axis;
  for (std::size_t i = 0; i < count; ++i) {
    const double share = count == 1 ? 0.5 : static_cast<double>(i) / static_cast<double>(count - 1);
    if (!all.empty()) {
      axis.push_back(all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1) + 0.5)]);
      continue;
    }
    const random::Distribution& d = study.factors[k].distribution;
    const bool bounded = d.kind == random::Kind::uniform || d.kind == random::Kind::loguniform;
    constexpr double tail = 0.01;  // of others
    axis.push_back(bounded && share == 0.0 ? d.minimum
                   : bounded && share == 1.0
                       ? d.maximum
                       : random::quantile(d, bounded ? share : std::clamp(share, tail, 1.0 - tail)));
  }
  axis.erase(std::unique(axis.begin(), axis.end()), axis.end());
  return axis;
}

constexpr std::size_t response_size = sizeof(Response) / sizeof(double);
static_assert(sizeof(Response) % sizeof(double) == 0);

/// Where a search ended, in numbers between which another may begin: the state, and how the beds answer.
void append(std::vector<double>& x, const PatientState& state) {
  x.insert(x.end(), state.fast.begin(), state.fast.begin() + network::volume_at);
  for (std::size_t b = 0; b < network::beds; ++b) {
    for (std::size_t k = 0; k < bed::compartments; ++k)
      x.push_back(log(state.fast[network::volume_index(b, k)] / state.V_max[b][k]));
    x.insert(x.end(), state.tone[b].begin(), state.tone[b].end());
    x.push_back(state.venous_saturation[b]);
  }
  x.insert(x.end(), state.epicardial_diameter.begin(), state.epicardial_diameter.end());
  x.resize(x.size() + response_size);
  std::memcpy(&x[x.size() - response_size], &state.settled->response, sizeof(Response));
}
PatientState take(const double*& next) {
  PatientState state;
  for (std::size_t i = 0; i < network::volume_at; ++i) state.fast[i] = *next++;
  for (std::size_t b = 0; b < network::beds; ++b) {
    for (std::size_t k = 0; k < bed::compartments; ++k) state.fast[network::volume_index(b, k)] = exp(*next++);
    state.V_max[b].fill(1.0);
    for (double& tone : state.tone[b]) tone = *next++;
    state.venous_saturation[b] = *next++;
  }
  for (double& diameter : state.epicardial_diameter) diameter = *next++;
  const auto settled = std::make_shared<Settled>();
  std::memcpy(&settled->response, next, sizeof(Response));
  settled->expected = true;
  next += response_size;
  state.settled = settled;
  return state;
}

/// Solves the patients at the points; keep(run) gives the numbers of one.
template <class Keep>
void fill(Lattice& lattice, const Study& study, const std::vector<std::string>& protocols, int threads, Keep&& keep) {
  run_patients(
      lattice.points(), [&](std::size_t i) -> Member { return patient_of(study, lattice.sample_at(i)); }, protocols,
      study.artery, without_waveforms(),
      [&](std::size_t i, RunResult& run) {
        if (run.status == Status::ok && run.patient.status == Status::ok) lattice.numbers(i) = keep(run);
      },
      threads);
}

/// Which factors the healthy twin has.
std::vector<bool> of_twin(const Study& study) {
  Sample low{.index = 0, .values = {}};
  std::vector<double> high;
  for (std::size_t k = 0; k < study.factors.size(); ++k) {
    const std::vector<double> ends = axis_of(study, k, 2);
    low.values.push_back(ends.front()), high.push_back(ends.back());
  }
  const PatientParameters first = healthy_twin(patient_of(study, low));
  std::vector<bool> own;
  for (std::size_t k = 0; k < high.size(); ++k) {
    Sample changed = low;
    changed.values[k] = high[k];
    own.push_back(!(healthy_twin(patient_of(study, changed)) == first));
  }
  return own;
}

}  // namespace

std::vector<std::size_t> lattice_sizes(const Study& study, std::size_t most, const std::vector<bool>& used) {
  const std::size_t d = study.factors.size();
  std::vector<std::size_t> sizes(d, 1), limits;
  for (std::size_t k = 0; k < d; ++k) {
    const std::size_t values = values_of(study, k).size();
    limits.push_back(!used[k] ? 1 : values ? values : most);
  }
  for (std::size_t product = 1;;) {
    std::size_t smallest = d;
    for (std::size_t k = 0; k < d; ++k)
      if (sizes[k] < limits[k] && (smallest == d || sizes[k] < sizes[smallest])) smallest = k;
    if (smallest == d) return sizes;
    const std::size_t grown = product / sizes[smallest] * (sizes[smallest] + 1);
    if (grown > most) {
      limits[smallest] = sizes[smallest];
      continue;
    }
    product = grown;
    ++sizes[smallest];
  }
}

Lattice::Lattice(const Study& study, const std::vector<std::size_t>& sizes) {
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    Axis axis{.values = axis_of(study, k, sizes[k])};
    axis.logarithmic = axis.values.front() > 0.0 && axis.values.back() > log_from * axis.values.front();
    axes_.push_back(std::move(axis));
  }
  std::size_t points = 1;
  for (std::size_t k = axes_.size(); k-- > 0;) {
    axes_[k].stride = points;
    points *= axes_[k].values.size();
  }
  numbers_.resize(points);
}

Sample Lattice::sample_at(std::size_t point) const {
  Sample sample{.index = point, .values = {}};
  for (const Axis& axis : axes_) sample.values.push_back(axis.values[point / axis.stride % axis.values.size()]);
  return sample;
}

std::vector<double> Lattice::between(const Sample& sample) const {
  std::vector<std::pair<std::size_t, double>> corners = {{0, 1.0}};  // with weights
  for (std::size_t k = 0; k < axes_.size(); ++k) {
    const auto& [values, logarithmic, stride] = axes_[k];
    const double x = sample.values[k];
    const auto next = std::upper_bound(values.begin(), values.end(), x);
    const auto i = static_cast<std::size_t>(std::max<std::ptrdiff_t>(next - values.begin(), 1)) - 1;
    double t = 0.0;
    if (i + 1 < values.size() && x > values[i])
      t = logarithmic ? log(x / values[i]) / log(values[i + 1] / values[i])
                      : (x - values[i]) / (values[i + 1] - values[i]);
    const std::size_t before = corners.size();
    for (std::size_t j = 0; j < before; ++j) {
      const auto [place, weight] = corners[j];
      if (t > 0.0) corners.push_back({place + (i + 1) * stride, weight * t});
      corners[j] = {place + i * stride, weight * (1.0 - t)};
    }
  }
  std::vector<double> sum;
  for (const auto& [place, weight] : corners) {
    const std::vector<double>& there = numbers_[place];
    if (there.empty()) return {};
    sum.resize(there.size());
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * there[i];
  }
  return sum;
}

StartLattice::StartLattice(const Study& study, int threads) {
  const std::size_t most = std::min(most_points, sample_count(study) / samples_per_point);
  if (!study.sampling.lattice || most < 4 || study.factors.empty()) return;
  try {
    twins_ = Lattice(study, lattice_sizes(study, most, of_twin(study)));
    patients_ = Lattice(study, lattice_sizes(study, most, std::vector<bool>(study.factors.size(), true)));
  } catch (const ParameterError&) {  // its ends do not go together; samples may
    twins_ = patients_ = {};
    return;
  }
  fill(twins_, study, {}, threads, [](const RunResult& run) {
    std::vector<double> x(run.patient.anchor.begin(), run.patient.anchor.end());
    return run.patient.start.settled ? append(x, run.patient.start), x : std::vector<double>{};
  });
  std::vector<std::string> protocols = study.protocols;
  for (std::string& protocol : protocols)
    if (is_course(protocol)) protocol = rest.name;  // where courses begin; each is lived anyway
  fill(patients_, study, protocols, threads, [](const RunResult& run) {
    std::vector<double> x;
    for (const PatientState& end : run.ends) {
      if (!end.settled) return std::vector<double>{};  // ended by plain beats: how the beds answer is not known
      append(x, end);
    }
    return x;
  });
}

std::shared_ptr<const Expected> StartLattice::expected(const Sample& sample) const {
  if (patients_.points() == 0) return nullptr;
  const std::vector<double> twin = twins_.between(sample), phases = patients_.between(sample);
  if (twin.empty() || phases.empty()) return nullptr;
  const auto expected = std::make_shared<Expected>();
  const double* next = twin.data();
  for (double& anchor : expected->anchor) anchor = *next++;
  expected->anchored = take(next);
  for (next = phases.data(); next != phases.data() + phases.size();) expected->phases.push_back(take(next));
  return expected;
}

}  // namespace coronet::study
