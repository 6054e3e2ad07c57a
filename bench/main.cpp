/// coronet_bench [--quick] SECTION FOLDER: one section's CSVs into FOLDER, progress on stderr. bench/run calls it.
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "bench/measure.hpp"
#include "bench/sections.hpp"
#include "scenarios/lanes.hpp"

using namespace coronet::bench;

static int usage() {
  std::fputs(
      "coronet_bench [--quick] SECTION FOLDER\n"
      "  beats         error and time of a beat, every method at several settings\n"
      "  limit-cycles  whole searches, ours and plain beats with Odeint's RK4\n"
      "  searches      beats that searches take, two cohorts\n"
      "  widths        whole patients per second, every way of lanes\n"
      "  roofline      share of the FP64 peak\n"
      "  waveforms     exactness of recorded beats\n"
      "  threads       sweeps on one thread and on two\n"
      "  sweep COUNT THREADS solved|solved_on_a_grid|answered_at_once   one sweep, a line on stdout\n"
      "  figures       figures from the CSVs\n"
      "  machine       instruction sets known, on stdout\n"
      "  dump          problems as JSON on stdout, for scipy_beats.py\n",
      stderr);
  return 2;
}

static int run(const std::vector<std::string>& words) {
  if (words == std::vector<std::string>{"dump"}) return dump(), 0;
  if (words == std::vector<std::string>{"machine"}) return std::puts(coronet::lanes::instruction_set().c_str()), 0;
  if (words.size() == 4 && words[0] == "sweep") {
    const std::size_t count = std::strtoull(words[1].c_str(), nullptr, 10);
    if (count == 0) return usage();
    sweep_section(count, std::atoi(words[2].c_str()), words[3]);
    return 0;
  }
  if (words.size() != 2) return usage();
  const struct {
    const char* name;
    void (*measure)(const std::string&);
  } sections[] = {{"beats", beats_section},       {"limit-cycles", limit_cycles_section},
                  {"searches", searches_section}, {"widths", widths_section},
                  {"roofline", roofline_section}, {"waveforms", waveforms_section},
                  {"threads", threads_section},   {"figures", figures_section}};
  for (const auto& s : sections)
    if (words[0] == s.name) {
      s.measure(words[1]);
      say(words[0] + " done, " + std::to_string(static_cast<int>(peak_memory_MB())) + " MB at most");
      return 0;
    }
  return usage();
}

int main(int count, char** arguments) {
  std::vector<std::string> words(arguments + 1, arguments + count);
  if (!words.empty() && words[0] == "--quick") quick = true, words.erase(words.begin());
  try {
    return run(words);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "coronet_bench: %s\n", e.what());
    return 1;
  }
}
