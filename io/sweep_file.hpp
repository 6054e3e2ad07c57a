/// The result file of a sweep, netCDF-4 as in io/netcdf.hpp, written in blocks so that memory does not grow with the
/// samples.
///
/// | variable                 | dimensions        | type  |                                                         |
/// |--------------------------|-------------------|-------|---------------------------------------------------------|
/// | p_<name>                 | sample            | f64   | varied parameters; words and switches as i8 with flags  |
/// | every index              | sample            | f64   | `endotype` as i8 with flags, −1 where missing           |
/// | every reading            | sample, phase     | f64   |                                                         |
/// | status, failure_reason   | sample            | i8, text |                                                      |
/// | sobol_*, morris_*        | parameter, output (, bound) | f64 | methods saltelli and morris                     |
///
/// `results_sha256` is that of io/netcdf.hpp over these variables; integers count as binary64.
#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "io/study_file.hpp"
#include "io/sweep_record.hpp"

namespace coronet::io {

struct SweepWritten {
  std::string results_sha256;
  std::vector<std::string> refusals;  // of sensitivity indices
};

/// Writes the result atomically; `chunk_at(k)` gives samples k · chunk … and is called once for each k, in order.
SweepWritten write_sweep(const StudyFile& file, const std::filesystem::path& path, std::size_t count, std::size_t chunk,
                         const std::function<Chunk(std::size_t)>& chunk_at);

/// What a result file says about itself.
struct SweepStamp {
  std::string study, results_sha256, program;
};
SweepStamp stamp_of(const std::filesystem::path& path);

}  // namespace coronet::io
