#include "io/verify.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "io/netcdf_reader.hpp"
#include "io/patient_file.hpp"
#include "io/study_file.hpp"

namespace coronet::io {
namespace {

constexpr std::uint32_t which_samples = 1200;  // purpose of the random choice

bool same_bits(double stored, double again, bool integer) {
  if (integer && std::isnan(again)) again = -1.0;
  return (std::isnan(stored) && std::isnan(again)) || (stored == again && std::signbit(stored) == std::signbit(again));
}

}  // namespace

Verification verify(const std::filesystem::path& path, std::size_t samples, std::uint64_t seed, int threads,
                    const std::function<void(std::size_t, std::size_t)>& progress) {
  const NetcdfReader file(path);
  const std::string resolved = file.attribute("study_resolved");
  const StoredVariable* status = file.find("status");
  if (resolved.empty() || !status || status->sizes.size() != 1)
    throw FileError(path, "verify", "it is not the result of a sweep");
  const StudyFile study_file = parse_study(resolved, path, {}, false);
  const study::Study& s = study_file.study;
  const auto variable = [&](const std::string& name, std::size_t width) {
    const StoredVariable* v = file.find(name);
    if (!v || v->is_text || v->rows() != status->rows() || v->width() != width)
      throw FileError(path, "verify", "the variable '" + name + "' is missing or has another shape");
    return v;
  };
  std::vector<const StoredVariable*> factors, outputs;
  for (const study::Factor& f : s.factors) factors.push_back(variable("p_" + f.name, 1));
  for (const study::Output& o : s.outputs) outputs.push_back(variable(o.name, o.phase.empty() ? 1 : s.phases.size()));

  Verification v;
  v.program = file.attribute("source");
  v.count = status->rows();
  v.samples = std::min(samples, v.count);
  v.hash_fits = stored_sha256(file) == file.attribute("results_sha256");
  std::vector<study::Sample> chosen(v.samples);
  for (std::size_t i = 0; i < v.samples; ++i) {
    chosen[i].index = sampling::permuted(i, v.count, seed, which_samples, 0);
    for (const StoredVariable* f : factors) chosen[i].values.push_back(file.numbers(*f, chosen[i].index, 1).front());
  }
  std::vector<study::SampleResult> again(v.samples);
  std::mutex mutex;
  std::size_t done = 0;
  study::evaluate(s, {.count = v.samples,
                      .threads = threads,
                      .sample = [&](std::size_t i) { return chosen[i]; },
                      .solved =
                          [&](std::size_t i, study::SampleResult r) {
                            again[i] = std::move(r);
                            const std::lock_guard<std::mutex> guard(mutex);
                            if (progress) progress(++done, v.samples);
                          }});
  for (std::size_t i = 0; i < v.samples; ++i) {
    const std::size_t row = chosen[i].index;
    const double stored_status = file.numbers(*status, row, 1).front();
    const auto new_status = static_cast<double>(again[i].status);
    if (stored_status != new_status) v.mismatches.push_back({row, "status", stored_status, new_status});
    std::size_t phase = 0;
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      phase = k > 0 && outputs[k] == outputs[k - 1] ? phase + 1 : 0;
      const double stored = file.numbers(*outputs[k], row, 1)[phase];
      if (!same_bits(stored, again[i].outputs[k], !s.outputs[k].words.empty()))
        v.mismatches.push_back(
            {row, s.outputs[k].phase.empty() ? s.outputs[k].name : s.outputs[k].phase + "." + s.outputs[k].name, stored,
             again[i].outputs[k]});
    }
  }
  return v;
}

}  // namespace coronet::io
