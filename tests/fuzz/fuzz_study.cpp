/// libFuzzer: any text as a study, as its resolved text again, and as settings. Built by tools/fuzz.
#include <cstdint>
#include <string>

#include "io/atomic_file.hpp"
#include "io/patient_file.hpp"
#include "io/study_file.hpp"
#include "scenarios/parameter_table.hpp"

using namespace coronet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> settings;  // after a zero byte, one per line
  if (const std::size_t zero = text.find('\0'); zero != std::string::npos) {
    for (std::size_t from = zero + 1; from < text.size();) {
      const std::size_t end = std::min(text.find('\n', from), text.size());
      settings.push_back(text.substr(from, end - from));
      from = end + 1;
    }
    text.resize(zero);
  }
  try {
    const io::StudyFile file = io::parse_study(text, "fuzz.toml", settings, false);
    if (file.study.sampling.method == study::Method::table) return 0;
    const std::size_t count = study::sample_count(file.study);
    for (const std::size_t i : {std::size_t{0}, count / 2, count - 1})
      if (count > 0 && file.study.factors.size() < 50) try {
          study::patient_of(file.study, study::make_sample(file.study, i));
        } catch (const ParameterError&) {
        }
    const io::StudyFile again = io::parse_study(file.resolved, "again.toml", {}, false);
    if (again.hash != file.hash || !io::differences(file.resolved, again.resolved).empty()) __builtin_trap();
  } catch (const io::InputError&) {
  } catch (const ParameterError&) {
  } catch (const io::FileError&) {
  }
  return 0;
}
