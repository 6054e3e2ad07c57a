/// What a journal's records hold: the head as JSON text, and chunks of samples.
///
///   chunk   = first index u64 · samples u32 · factors u32 · outputs u32 · sample …
///   sample  = status u8 · length of the reason u32 · reason · factors × f64 · outputs × f64
#pragma once
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/study.hpp"

namespace coronet::io {

struct Chunk {
  std::uint64_t first = 0;
  std::vector<study::Sample> samples;
  std::vector<study::SampleResult> results;
};

inline std::string encode(const Chunk& chunk) {
  std::string bytes;
  const auto put = [&](const auto& value) { bytes.append(reinterpret_cast<const char*>(&value), sizeof value); };
  put(chunk.first);
  put(static_cast<std::uint32_t>(chunk.samples.size()));
  put(static_cast<std::uint32_t>(chunk.samples.front().values.size()));
  put(static_cast<std::uint32_t>(chunk.results.front().outputs.size()));
  for (std::size_t i = 0; i < chunk.samples.size(); ++i) {
    const study::SampleResult& r = chunk.results[i];
    const std::string reason = r.reason.substr(0, 2000);
    put(static_cast<std::uint8_t>(r.status));
    put(static_cast<std::uint32_t>(reason.size()));
    bytes += reason;
    for (const double v : chunk.samples[i].values) put(v);
    for (const double v : r.outputs) put(v);
  }
  return bytes;
}

/// Throws std::invalid_argument if the bytes are no chunk of that many factors and outputs.
inline Chunk decode(std::string_view bytes, std::size_t factors, std::size_t outputs) {
  const auto take = [&](auto& value) {
    if (bytes.size() < sizeof value) throw std::invalid_argument("a record ends too early");
    std::memcpy(&value, bytes.data(), sizeof value);
    bytes.remove_prefix(sizeof value);
  };
  Chunk chunk;
  std::uint32_t n = 0, f = 0, o = 0;
  take(chunk.first), take(n), take(f), take(o);
  if (f != factors || o != outputs) throw std::invalid_argument("a record has another number of columns");
  if (n == 0 || n > bytes.size() / (5 + 8 * (factors + outputs)))
    throw std::invalid_argument("a record says another number of samples than it has");
  for (std::uint32_t i = 0; i < n; ++i) {
    study::Sample s{.index = static_cast<std::size_t>(chunk.first) + i, .values = std::vector<double>(factors)};
    study::SampleResult r;
    std::uint8_t status = 0;
    std::uint32_t length = 0;
    take(status), take(length);
    if (status >= std::size(study::sample_status_names)) throw std::invalid_argument("a record has an unknown status");
    if (length > bytes.size()) throw std::invalid_argument("a record ends too early");
    r.status = static_cast<study::SampleStatus>(status);
    r.reason = bytes.substr(0, length);
    bytes.remove_prefix(length);
    r.outputs.resize(outputs);
    for (double& v : s.values) take(v);
    for (double& v : r.outputs) take(v);
    chunk.samples.push_back(std::move(s));
    chunk.results.push_back(std::move(r));
  }
  if (!bytes.empty()) throw std::invalid_argument("a record has bytes left over");
  return chunk;
}

}  // namespace coronet::io
