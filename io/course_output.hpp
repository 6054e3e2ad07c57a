/// What `coronet run` gives out of courses (scenarios/courses.hpp): tables, JSON, variables, panels. Each function adds
/// to what io/run_output.hpp makes of the phases, and nothing where no course was run.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "io/dataset.hpp"
#include "io/svg.hpp"
#include "scenarios/protocol.hpp"

namespace coronet::io {

/// Tables to read, one per course.
std::string course_tables(const RunResult& run);

/// One object per course, under the name of its protocol.
void add_courses(nlohmann::ordered_json& json, const RunResult& run);

/// Dimensions and variables whose names begin with the protocol's, in (pressure or time × territory × layer).
void add_courses(Dataset& dataset, const RunResult& run);

/// Flow of the layers against pressure, load and time.
void add_course_panels(Figure& figure, const RunResult& run);

}  // namespace coronet::io
