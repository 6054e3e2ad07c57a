/// Progress of long work on stderr: a live line on a terminal, else a line per 10 %.
#pragma once
#include <fmt/format.h>
#include <unistd.h>
#include <chrono>
#include <string>

namespace coronet::app {

class Progress {
 public:
  explicit Progress(std::string what) : what_(std::move(what)), terminal_(isatty(2) == 1) {}
  ~Progress() {
    if (live_) fmt::print(stderr, "\r\033[K");
  }

  void operator()(std::size_t done, std::size_t all) {
    using namespace std::chrono;
    const auto now = steady_clock::now();
    const double elapsed = duration<double>(now - start_).count();
    const double rate = static_cast<double>(done) / std::max(elapsed, 1e-9);
    const double left = static_cast<double>(all - done) / rate;
    if (terminal_) {
      if (done != all && now - shown_ < milliseconds(200)) return;
      shown_ = now;
      live_ = true;
      fmt::print(stderr, "\r\033[K{}: {}/{}  {:.1f}/s  {:.0f} s left", what_, done, all, rate, left);
    } else if (10 * done / all != 10 * reported_ / all) {
      reported_ = done;
      fmt::print(stderr, "{}: {} % ({}/{}), {:.1f}/s, {:.0f} s left\n", what_, 100 * done / all, done, all, rate, left);
    }
  }

 private:
  std::string what_;
  bool terminal_, live_ = false;
  std::size_t reported_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now(), shown_{};
};

}  // namespace coronet::app
