#include "io/libraries.hpp"

#include <Random123/philox.h>
#include <fmt/format.h>
#include <hdf5.h>
#include <toml++/toml.h>

#include <boost/version.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "coronet_version.hpp"
#include "io/canonical.hpp"
#include "io/patient_file.hpp"
#include "io/run_output.hpp"

namespace coronet::io {

std::vector<std::pair<std::string, std::string>> library_versions() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  const auto dotted = [](int a, int b, int c) { return fmt::format("{}.{}.{}", a, b, c); };
  return {
      {"HDF5", fmt::format("{}.{}.{} (built with {}.{}.{})", major, minor, release, H5_VERS_MAJOR, H5_VERS_MINOR,
                           H5_VERS_RELEASE)},
      {"Boost", dotted(BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)},
      {"toml++", dotted(TOML_LIB_MAJOR, TOML_LIB_MINOR, TOML_LIB_PATCH)},
      {"nlohmann-json", dotted(NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)},
      {"fmt", dotted(FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)}};
}

std::string compiler_text() { return std::string(CORONET_COMPILER) + " " + CORONET_FLAGS; }

std::string self_test_hash() {
  PatientFile file = load_patient("healthy");
  const RunResult run = run_patient(file.parameters, {"adenosine_iv"}, network::lad);
  auto json = run_json(file, run);
  json.erase("version");
  Canonical out;
  const std::function<void(const nlohmann::ordered_json&)> add = [&](const nlohmann::ordered_json& node) {
    if (node.is_object()) {
      for (const auto& [key, value] : node.items()) {
        out.string(key);
        add(value);
      }
    } else if (node.is_array()) {
      for (const auto& value : node) add(value);
    } else if (node.is_number()) {
      out.number(node.get<double>());
    } else {
      out.string(node.dump());
    }
  };
  add(json);
  return out.digest.hex();
}

std::string stored_self_test_hash() {
  std::ifstream in(shipped("", "self_test.sha256"));
  std::string hash;
  in >> hash;
  return hash;
}

}  // namespace coronet::io
