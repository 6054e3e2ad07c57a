/// The one table of parameters: it feeds `coronet describe`, the patient files, `--set`, the result files and the docs.
#pragma once
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scenarios/patient_parameters.hpp"

namespace coronet {

struct Parameter {
  std::string key;   // dotted, as in a patient file: heart.heart_rate_bpm
  std::string unit;  // "1" where pure; empty for choices and switches
  double minimum, maximum;
  std::string source;                // citation or "assumption"
  std::string meaning;               // one line
  std::vector<std::string> choices;  // non-empty: the value is one of these words
  bool is_switch = false;            // true/false
  /// All numbers this key stands for (a group key such as microvessels.capillary_density_ratio stands for nine).
  std::function<std::vector<double*>(PatientParameters&)> numbers;
  std::function<std::size_t&(PatientParameters&)> choice;
  std::function<bool&(PatientParameters&)> flag;
};

/// A value as it comes from a file or the command line.
using ParameterValue = std::variant<bool, double, std::string>;

/// Bad input: the message names key, value, unit, allowed range and, for an unknown key, the nearest valid one.
struct ParameterError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

const std::vector<Parameter>& parameter_table();

/// Entry of a key; throws ParameterError with the nearest valid key.
const Parameter& find_parameter(std::string_view key);

/// Sets one parameter after checking type, range and finiteness.
void set_parameter(PatientParameters& patient, std::string_view key, const ParameterValue& value);

/// "KEY=VALUE" of the command line, read with the type the key has.
void set_parameter_from_text(PatientParameters& patient, std::string_view assignment);

/// A parameter's value from a number: words and switches count from 0. Throws ParameterError where there is no such word.
ParameterValue parameter_value(std::string_view key, double number);

/// The number of a value as `parameter_value` takes it; NaN for a word that the key does not know.
double parameter_number(std::string_view key, const ParameterValue& value);

/// A decimal number that fills the whole text; no blanks, no hexadecimal.
std::optional<double> number_of_text(const std::string& text);

/// A number as the shortest text that reads back as the same number.
std::string number_text(double value);

/// Value as text (a group key whose members differ prints "varies").
std::string parameter_value_text(const Parameter& parameter, const PatientParameters& patient);

/// Checks that concern several parameters at once (diastole must fit into the beat, shares must add up, …).
void check_patient(const PatientParameters& patient);

/// The candidate nearest to a misspelt word (edit distance), or empty.
std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace coronet
