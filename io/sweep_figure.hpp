/// The figure of a study, drawn from its result file.
#pragma once
#include <filesystem>

#include "io/study_file.hpp"
#include "io/svg.hpp"

namespace coronet::io {

/// One panel per output of `[plot]`; bars of Sobol indices, effects of Morris, else points where nothing is said.
Figure sweep_figure(const StudyFile& file, const std::filesystem::path& result);

}  // namespace coronet::io
