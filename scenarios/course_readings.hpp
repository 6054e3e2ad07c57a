/// Single numbers of courses, for who keeps one number per patient and not the course itself.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "scenarios/courses.hpp"

namespace coronet {

struct CourseReading {
  std::string course;  // of course_names()
  std::string name, unit, label;
  std::vector<std::string> words;  // what the numbers 0, 1, … mean, if they are codes
  /// NaN where the course has no such number.
  std::function<double(const Courses& courses, std::size_t artery)> value;
};

/// In the order of course_names().
const std::vector<CourseReading>& course_readings();

}  // namespace coronet
