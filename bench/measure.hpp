/// Times, and how they are taken: everything that is compared runs in turn, round after round, in one process, so that
/// a machine that gets slower or busier does so for all; of the rounds the least and the median are kept.
#pragma once
#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace coronet::bench {

/// Processor time of this thread, of all threads, and of the wall, s.
double cpu_time();
double process_time();
double wall_time();

/// Largest resident memory of this process so far, MB.
double peak_memory_MB();

/// What was measured of one piece, in whatever unit it was given.
struct Spread {
  double least = 0.0, median = 0.0;
  double noise_percent() const { return least > 0.0 ? 100.0 * (median / least - 1.0) : 0.0; }
};
Spread spread_of(std::vector<double> times);

/// Runs all pieces at least `least_rounds` and at most `rounds` times in turn, until `seconds` of
/// processor time are spent. A piece returns nothing; what is measured is the thread's processor time. Per piece: s.
std::vector<Spread> alternate(const std::vector<std::function<void()>>& pieces, int rounds, int least_rounds,
                              double seconds);

/// Fewer members and rounds: does everything, measures nothing well (`coronet_bench --quick SECTION`).
extern bool quick;

/// Progress on stderr, with the time since the start.
void say(const std::string& what);

/// A CSV in the folder of results; flushed line by line, complete only under its final name.
class Csv {
 public:
  Csv(const std::string& folder, const std::string& name, const std::string& header);
  ~Csv();
  Csv(const Csv&) = delete;
  Csv& operator=(const Csv&) = delete;
  void row(const char* format, ...) __attribute__((format(printf, 2, 3)));
  void complete();

 private:
  std::string path_;
  std::FILE* file_;
};

}  // namespace coronet::bench
