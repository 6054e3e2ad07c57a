/// Progress of long work on stderr: a live line on a terminal, else a line per 10 %.
#pragma once
#include <fmt/format.h>
#include <unistd.h>
#include <chrono>
#include <string>

namespace coronet::app {

/// "12 s", "7 min", "3.4 h".
inline std::string duration_text(double seconds) {
  if (seconds < 100.0) return fmt::format("{:.0f} s", seconds);
  if (seconds < 6000.0) return fmt::format("{:.0f} min", seconds / 60.0);
  return fmt::format("{:.1f} h", seconds / 3600.0);
}

class Progress {
 public:
  explicit Progress(std::string what) : what_(std::move(what)), terminal_(isatty(2) == 1) {}
  ~Progress() {
    if (live_) fmt::print(stderr, "\r\033[K");
  }

  /// Of `all` pieces `done` are done, `before` of them by an earlier process; `note` follows the figures.
  void operator()(std::size_t done, std::size_t all, std::size_t before = 0, const std::string& note = {}) {
    using namespace std::chrono;
    const auto now = steady_clock::now();
    const double elapsed = duration<double>(now - start_).count();
    const double rate = static_cast<double>(done - before) / std::max(elapsed, 1e-9);
    const std::string left =
        rate > 0.0 ? fmt::format("{:.1f}/s, {} left", rate, duration_text(static_cast<double>(all - done) / rate))
                   : "begins";
    if (terminal_) {
      if (done != all && now - shown_ < milliseconds(200)) return;
      shown_ = now;
      live_ = true;
      fmt::print(stderr, "\r\033[K{}: {}/{}, {}{}", what_, done, all, left, note);
    } else if (10 * done / all != 10 * reported_ / all) {
      reported_ = done;
      fmt::print(stderr, "{}: {} % ({}/{}), {}{}\n", what_, 100 * done / all, done, all, left, note);
    }
  }

 private:
  std::string what_;
  bool terminal_, live_ = false;
  std::size_t reported_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now(), shown_{};
};

}  // namespace coronet::app
