#include "solvers/parallel.hpp"

#include <atomic>
#include <exception>
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

}  // namespace coronet
