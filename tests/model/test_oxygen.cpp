#include <cmath>

#include <catch2/catch.hpp>

#include "model/oxygen.hpp"

namespace coronet {

TEST_CASE("haemoglobin is half saturated at P50") {
  CHECK(oxygen::saturation(oxygen::half_saturation) == 0.5);
  CHECK(oxygen::tension(0.5) == oxygen::half_saturation);
}

TEST_CASE("Hill's curve meets the standard human dissociation curve where the heart uses it") {
  // Severinghaus 1979 (pH 7.4, 37 °C, recalled): 75 % at 40 mmHg, 97.3 % at 95 mmHg, 32 % at 20 mmHg. A law of two
  // parameters cannot follow exactly; it is within 0.01 (measured 0.008)
  CHECK(oxygen::saturation(40.0 * unit::mmHg) == Approx(0.75).epsilon(0).margin(0.01));
  CHECK(oxygen::saturation(95.0 * unit::mmHg) == Approx(0.973).epsilon(0).margin(0.01));
  CHECK(oxygen::saturation(20.0 * unit::mmHg) == Approx(0.32).epsilon(0).margin(0.01));
}

TEST_CASE("tension undoes saturation") {
  for (int i = 1; i < 100; ++i) {
    const double S = 0.01 * i;
    // 1 − S loses digits near full saturation: 1e-16/0.01, times the errors of two powers
    CHECK(oxygen::saturation(oxygen::tension(S)) == Approx(S).epsilon(1e-14));
  }
}

TEST_CASE("saturation rises with tension and stays below one") {
  double before = 0.0;
  for (double mmHg = 0.1; mmHg < 700.0; mmHg *= 1.05) {
    const double S = oxygen::saturation(mmHg * unit::mmHg);
    CHECK(S > before);
    CHECK(S < 1.0);
    before = S;
  }
}

TEST_CASE("oxygen falls around a capillary as Krogh and Erlang have it") {
  struct Point {
    double capillaries_per_mm2, fall_mmHg;
  };
  const double consumption = 0.09 / 60.0;  // mL O2 per mL tissue and second
  for (Point p : {Point{3000.0, 1.3}, {2000.0, 2.5}, {1316.0, 4.5}, {961.0, 6.9}}) {
    CAPTURE(p.capillaries_per_mm2);
    CHECK(oxygen::krogh_fall(consumption, p.capillaries_per_mm2 * 1e6) / unit::mmHg ==
          Approx(p.fall_mmHg).epsilon(0).margin(0.05));  // half a unit of the printed digit
  }
}

TEST_CASE("the fall of oxygen around a capillary is what its differential equation gives") {
  // K (1/r)(r P')' = m with P' = 0 at the border R: P'(r) = m/(2K) (r − R²/r), integrated here from r_c to R
  const double m = 0.0015, density = 2000.0 * 1e6;
  const double R = 1.0 / std::sqrt(3.14159265358979323846 * density);
  const int n = 1000;
  const double h = (R - oxygen::capillary_radius) / n;
  double fall = 0.0;
  for (int i = 0; i < n; ++i) {
    const double r = oxygen::capillary_radius + (i + 0.5) * h;
    fall += h * m / (2.0 * oxygen::krogh_coefficient) * (R * R / r - r);
  }
  CHECK(oxygen::krogh_fall(m, density) == Approx(fall).epsilon(1e-5));  // midpoint rule: (h/r_c)²/24 and less
}

TEST_CASE("venous blood carries what the tissue left") {
  const double capacity = 0.194, flow = 1.1e-6, consumption = 0.14e-6, arterial = 0.97;
  const double venous = oxygen::venous_saturation(arterial, flow, consumption, capacity);
  // Fick, rounding of a handful of operations
  CHECK(flow * capacity * (arterial - venous) == Approx(consumption).epsilon(1e-14));
  CHECK(oxygen::venous_saturation(arterial, flow, 0.0, capacity) == arterial);
}

}  // namespace coronet
