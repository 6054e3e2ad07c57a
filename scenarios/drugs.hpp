/// Drugs as documented changes of parameters: one table feeds `--drug`, the `drugs` of a patient file, the protocol
/// nitroglycerin and `coronet describe drugs`.
///
/// Each effect sets a key of the parameter table, in most cases one of `modifiers.*`, which act after the bed has been
/// anchored (modifiers.hpp). Several drugs combine: factors multiply, reliefs and repairs take their share of what the
/// others leave, and of two dilations of the same vessel the larger counts (assumption).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/patient_parameters.hpp"

namespace coronet {

struct DrugEffect {
  std::string key;  // of the parameter table, which gives unit and range
  double value;
  std::string source;
  std::string confidence;  // measured, recalled or assumption
};

struct Drug {
  std::string name, title, dose, route;
  std::vector<DrugEffect> effects;
  std::vector<std::string> not_modelled;
};

const std::vector<Drug>& drug_table();

/// Throws ParameterError with the nearest known name.
const Drug& find_drug(std::string_view name);

/// Gives one drug more; throws ParameterError where it is unknown or already given.
void give_drug(PatientParameters& patient, std::string_view name);

}  // namespace coronet
