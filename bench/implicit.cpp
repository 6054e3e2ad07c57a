/// Ours: RODAS4 along the tree, forcing tabulated once per phase (the table is made inside the measured time).
#include "bench/problem.hpp"

namespace coronet::bench {

Method implicit_method() {
  return {"coronet_rodas4", {12, 17, 25, 35, 50, 70, 100, 141, 200, 400}, [](const Problem& p, double setting) {
            const auto steps = static_cast<std::size_t>(setting);
            const auto table = stage_forcing(p.drive, equal_steps(p.drive.waves.period, steps));
            FastState x = p.start;
            for (std::size_t b = 0; b < beats; ++b)
              pass_beat(p.network, table.data(), steps, x,
                        [](const auto&...) {});
            return x;
          }};
}

}  // namespace coronet::bench
