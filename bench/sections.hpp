/// What coronet_bench can measure, a function each. Every one writes its own CSVs into `folder` and needs no other.
#pragma once
#include <string>

namespace coronet::bench {

void beats_section(const std::string& folder);         // beats.csv, cases.csv
void limit_cycles_section(const std::string& folder);  // limit_cycles.csv
void searches_section(const std::string& folder);      // searches.csv
void widths_section(const std::string& folder);        // widths.csv
void roofline_section(const std::string& folder);      // peak.csv, operations.csv, roofline.csv
void waveforms_section(const std::string& folder);     // waveforms.csv
void threads_section(const std::string& folder);       // threads.csv
/// One sweep of its own process, so that its memory is its own: a line of sweeps.csv on stdout. `solver` is solved,
/// solved_on_a_grid or answered_at_once.
void sweep_section(std::size_t count, int threads, const std::string& solver);
void figures_section(const std::string& folder);  // *.svg from the CSVs
void dump();                                      // for scipy_beats.py, on stdout

}  // namespace coronet::bench
