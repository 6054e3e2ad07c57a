#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <fstream>

#include "apps/commands.hpp"
#include "apps/terminal.hpp"
#include "io/libraries.hpp"
#include "io/patient_file.hpp"
#include "io/run_output.hpp"
#include "io/study_file.hpp"
#include "scenarios/lanes.hpp"
#include "solvers/parallel.hpp"

namespace coronet::app {
namespace fs = std::filesystem;

void add_doctor(CLI::App& app, DoctorOptions& o) {
  CLI::App* c =
      app.add_subcommand("doctor",
                         "Example: coronet doctor\n"
                         "What the program is made of and whether it works here: compiler, processor, libraries,\n"
                         "files, disk, a patient whose bits are known; exit code 6 if those bits differ");
  c->add_flag("--self-test-hash", o.hash_only,
              "print only the hash of the test patient (for scenarios/self_test.sha256)");
}

namespace {

std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "unknown";
}

std::string instruction_sets() {
#if defined(__x86_64__)
  std::string all = "SSE2";
  if (__builtin_cpu_supports("avx2")) all += ", AVX2";
  if (__builtin_cpu_supports("fma")) all += ", FMA";
  if (__builtin_cpu_supports("avx512f")) all += ", AVX-512";
  return all;
#else
  return "unknown";
#endif
}

std::string disk_text(const fs::path& folder) {
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  return error ? error.message() : fmt::format("{:.1f} GB free", static_cast<double>(space.available) / 1e9);
}

}  // namespace

int do_doctor(const DoctorOptions& o) {
  const std::string hash = io::self_test_hash();
  if (o.hash_only) {
    put(hash + "\n");
    return exit_ok;
  }
  const std::string stored = io::stored_self_test_hash();
  const bool good = hash == stored;
  std::string text;
  const auto line = [&](const std::string& what, const std::string& value) {
    text += fmt::format("{:<16} {}\n", what, value);
  };
  line("coronet", io::program_version());
  line("compiler", io::compiler_text());
  line("processor", processor_name());
  line("instructions", fmt::format("{}; lanes: {}", instruction_sets(), lanes::instruction_set()));
  line("threads", std::to_string(core_count()));
  for (const auto& library : io::library_versions()) line(library.first, library.second);
  line("data", io::shipped("", "").string());
  const auto patients = io::shipped_patients(), studies = io::shipped_studies();
  line("patients", patients.empty() ? "NONE FOUND" : fmt::format("{}", fmt::join(patients, ", ")));
  line("studies", studies.empty() ? "NONE FOUND" : fmt::format("{}", fmt::join(studies, ", ")));
  line("this folder", disk_text("."));
  line("self-test", good ? "same bits as stored"
                         : fmt::format("DIFFERENT: {} here, {} stored", hash, stored.empty() ? "nothing" : stored));
  put(text);
  return good && !patients.empty() && !studies.empty() ? exit_ok : exit_tolerance;
}

}  // namespace coronet::app
