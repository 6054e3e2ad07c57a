/// What `coronet run` gives out: a table to read, JSON, a labelled data set, a figure.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "io/dataset.hpp"
#include "io/patient_file.hpp"
#include "io/svg.hpp"
#include "scenarios/protocol.hpp"

namespace coronet::io {

/// "0.1.0+g1a2b3c4".
std::string program_version();

std::string run_table(const PatientFile& file, const RunResult& run);

/// Keys as documented in docs/files.md; ordered as written.
nlohmann::ordered_json run_json(const PatientFile& file, const RunResult& run);

/// One beat of every pressure, flow and volume per phase, (phase × … × beat_phase), with parameters and indices.
Dataset run_dataset(const PatientFile& file, const RunResult& run);

/// Aortic, ventricular and distal pressure and phasic flow per phase, pressure along the tree, pullback; then the
/// courses. A figure of courses leaves out the beat at rest from which they start.
Figure run_figure(const PatientFile& file, const RunResult& run);

}  // namespace coronet::io
