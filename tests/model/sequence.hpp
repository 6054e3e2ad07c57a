/// Points that fill an interval evenly and are the same on every machine: multiples of the golden ratio, modulo 1.
#pragma once
#include <cmath>

namespace coronet {

/// Point i of the sequence, between low and high. Different `row`s give unrelated coordinates of one point in space.
inline double spread(int i, double low, double high, int row = 0) {
  const double turns = std::fmod(0.61803398874989484820 * (i + 1.0) * (1.0 + 0.7320508075688772 * row), 1.0);
  return low + (high - low) * turns;
}

}  // namespace coronet
