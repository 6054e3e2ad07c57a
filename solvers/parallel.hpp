/// Independent work on all cores. The only file pair that knows of OpenMP; without it the loop runs serially.
#pragma once
#include <cstddef>
#include <functional>

namespace coronet {

/// Cores that `parallel_for` uses with 0 threads.
int core_count();

/// Calls work(i) once for every i < count, in any order, on `threads` threads (0: all cores). `progress(done)` is
/// called from one thread at a time after each piece. The first exception of any piece is rethrown when all have
/// stopped.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work,
                  const std::function<void(std::size_t)>& progress = {});

/// The same for workers that hold several pieces at once: every thread calls work(next, done), where next() deals out
/// 0 … count − 1, each once, then `count`, and done() says that one more piece is finished. `allowed(i)` is asked before
/// piece i is dealt, in order and from one thread at a time; once it says no, nothing more is dealt.
void parallel_deal(
    std::size_t count, int threads,
    const std::function<void(const std::function<std::size_t()>& next, const std::function<void()>& done)>& work,
    const std::function<void(std::size_t)>& progress = {}, const std::function<bool(std::size_t)>& allowed = {});

}  // namespace coronet
