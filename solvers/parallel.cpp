#include "solvers/parallel.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#ifdef _OPENMP
#include <omp.h>
#endif

namespace coronet {

int core_count() {
#ifdef _OPENMP
  return omp_get_num_procs();
#else
  return 1;
#endif
}

void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work,
                  const std::function<void(std::size_t)>& progress) {
  std::exception_ptr error;
  std::atomic<bool> stop = false;
  std::size_t done = 0;
#ifdef _OPENMP
  const int used = threads > 0 ? threads : omp_get_num_procs();
#else
  (void)threads;
#endif
  const long n = static_cast<long>(count);
#pragma omp parallel for schedule(dynamic, 1) num_threads(used)
  for (long i = 0; i < n; ++i) {
    if (stop) continue;
    try {
      work(static_cast<std::size_t>(i));
    } catch (...) {
#pragma omp critical(coronet_parallel)
      if (!error) error = std::current_exception();
      stop = true;
    }
#pragma omp critical(coronet_parallel)
    {
      ++done;
      if (progress) progress(done);
    }
  }
  if (error) std::rethrow_exception(error);
}

void parallel_deal(
    std::size_t count, int threads,
    const std::function<void(const std::function<std::size_t()>& next, const std::function<void()>& done)>& work,
    const std::function<void(std::size_t)>& progress, const std::function<bool(std::size_t)>& allowed) {
  std::mutex dealing;
  std::size_t dealt = 0, finished = 0;
  const std::function<std::size_t()> next = [&] {
    const std::lock_guard<std::mutex> guard(dealing);
    if (dealt < count && allowed && !allowed(dealt)) dealt = count;
    return dealt < count ? dealt++ : count;
  };
  const std::function<void()> done = [&] {
#pragma omp critical(coronet_deal)
    {
      ++finished;
      if (progress) progress(finished);
    }
  };
#ifdef _OPENMP
  const int used = threads > 0 ? threads : omp_get_num_procs();
#else
  const int used = 1;
#endif
  parallel_for(static_cast<std::size_t>(used), used, [&](std::size_t) {
    try {
      work(next, done);
    } catch (...) {
      const std::lock_guard<std::mutex> guard(dealing);
      dealt = count;  // nobody begins another piece
      throw;
    }
  });
}

}  // namespace coronet
