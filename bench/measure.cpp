#include "bench/measure.hpp"

#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cstdarg>
#include <stdexcept>

namespace coronet::bench {

bool quick = false;

static double clock_now(clockid_t id) {
  timespec t;
  clock_gettime(id, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}
double cpu_time() { return clock_now(CLOCK_THREAD_CPUTIME_ID); }
double process_time() { return clock_now(CLOCK_PROCESS_CPUTIME_ID); }
double wall_time() { return clock_now(CLOCK_MONOTONIC); }

double peak_memory_MB() {
  rusage use;
  getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_maxrss) * 1024e-6;
}

Spread spread_of(std::vector<double> times) {
  if (times.empty()) return {};
  std::sort(times.begin(), times.end());
  const std::size_t n = times.size();
  return {times[0], 0.5 * (times[(n - 1) / 2] + times[n / 2])};
}

std::vector<Spread> alternate(const std::vector<std::function<void()>>& pieces, int rounds, int least_rounds,
                              double seconds) {
  std::vector<std::vector<double>> times(pieces.size());
  const double start = cpu_time();
  for (int round = 0; round < rounds && (round < least_rounds || cpu_time() - start < seconds); ++round)
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const double before = cpu_time();
      pieces[i]();
      times[i].push_back(cpu_time() - before);
    }
  std::vector<Spread> all;
  for (const auto& t : times) all.push_back(spread_of(t));
  return all;
}

void say(const std::string& what) {
  static const double start = wall_time();
  std::fprintf(stderr, "[%5.0f s] %s\n", wall_time() - start, what.c_str());
}

Csv::Csv(const std::string& folder, const std::string& name, const std::string& header) : path_(folder + "/" + name) {
  file_ = std::fopen((path_ + ".part").c_str(), "w");
  if (!file_) throw std::runtime_error("cannot write '" + path_ + ".part'");
  std::fprintf(file_, "%s\n", header.c_str());
}
Csv::~Csv() {
  if (file_) std::fclose(file_);
}
void Csv::row(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  std::vfprintf(file_, format, arguments);
  va_end(arguments);
  std::fputc('\n', file_);
  std::fflush(file_);
}
void Csv::complete() {
  const bool written = std::fclose(file_) == 0;
  file_ = nullptr;
  if (!written || std::rename((path_ + ".part").c_str(), path_.c_str()) != 0)
    throw std::runtime_error("cannot write '" + path_ + "'");
}

}  // namespace coronet::bench
