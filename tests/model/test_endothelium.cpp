#include <array>
#include <cmath>

#include <catch2/catch.hpp>

#include "model/endothelium.hpp"

namespace coronet {
namespace {

constexpr std::array<double, 6> concentrations = {1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1.0};  // mol/m³: 1 nM to 1 mM
constexpr std::array<std::size_t, 3> muscular = {bed::small_artery, bed::arteriole, bed::terminal_arteriole};

}  // namespace

TEST_CASE("without endothelial function nothing releases nitric oxide") {
  for (std::size_t k = 0; k < bed::compartments; ++k)
    for (double shear_factor : {0.0, 0.3, 1.0})
      for (double C : {0.0, 1e-4, 1.0}) CHECK(endothelium::nitric_oxide(k, 0.0, shear_factor, C) == 0.0);
}

TEST_CASE("without flow and acetylcholine there is basal release alone, in proportion to function") {
  for (std::size_t k = 0; k < bed::compartments; ++k)
    for (double e : {0.25, 0.5, 1.0})
      // rounding of 1 − (1 − x)
      CHECK(endothelium::nitric_oxide(k, e, 0.0, 0.0) ==
            Approx(e * endothelium::basal_release[k]).epsilon(0).margin(1e-16));
}

TEST_CASE("nitric oxide stays between none and all and rises with function, flow and acetylcholine") {
  for (std::size_t k : muscular)
    for (double e = 0.05; e <= 1.0; e += 0.05)
      for (double shear_factor = 0.0; shear_factor < 0.95; shear_factor += 0.1) {
        double before = -1.0;
        for (double C : concentrations) {
          const double F = endothelium::nitric_oxide(k, e, shear_factor, C);
          CAPTURE(k, e, shear_factor, C);
          REQUIRE(F > before);
          REQUIRE(F >= 0.0);
          REQUIRE(F <= 1.0);
          REQUIRE(F > endothelium::nitric_oxide(k, e - 0.05, shear_factor, C));
          REQUIRE(F < endothelium::nitric_oxide(k, e, shear_factor + 0.05, C));
          before = F;
        }
      }
}

TEST_CASE("half the effect of acetylcholine on the endothelium comes at 50 nM, at 500 nM when function is gone") {
  CHECK(endothelium::half_effect(1.0) == Approx(50e-6).epsilon(1e-15));
  CHECK(endothelium::half_effect(0.5) == Approx(50e-6 * std::sqrt(10.0)).epsilon(1e-14));  // error of exp and ln 10
  CHECK(endothelium::half_effect(0.0) == Approx(500e-6).epsilon(1e-14));
  // By hand: 1 − (1 − 0.1)(1 − 0.425) in an arteriole at rest
  CHECK(endothelium::nitric_oxide<double>(bed::arteriole, 1.0, 0.0, 50e-6) == Approx(0.4825).epsilon(1e-14));
}

TEST_CASE("independent releases multiply what each leaves of tone") {
  // 1 − 0.8 · 0.7 · (1 − 0.4): small artery, complete acetylcholine (C/(C + K) misses one by 5e-11)
  CHECK(endothelium::nitric_oxide<double>(bed::small_artery, 1.0, 0.3, 1e6) == Approx(0.664).epsilon(1e-10));
}

TEST_CASE("acetylcholine constricts in proportion to reactivity, half at 2 µM, and never shut") {
  for (std::size_t k : muscular) {
    const double largest = endothelium::largest_constriction[k];
    CHECK(endothelium::constriction(k, 1.0, 0.0) == 0.0);
    CHECK(endothelium::constriction(k, 1.0, 2e-3) == Approx(0.5 * largest).epsilon(1e-15));
    CHECK(endothelium::constriction(k, 1.0, 1e6) == Approx(largest).epsilon(1e-8));  // K/C = 2e-9
    for (double C : concentrations) {
      double before = 0.0;
      for (double reactivity = 0.25; reactivity < 10.0; reactivity += 0.25) {
        const double kappa = endothelium::constriction(k, reactivity, C);
        CAPTURE(k, C, reactivity);
        REQUIRE(kappa <= 0.95);
        if (kappa < 0.95) REQUIRE(kappa > before);
        REQUIRE(kappa >= before);
        REQUIRE(kappa == Approx(std::fmin(0.95, reactivity * endothelium::constriction(k, 1.0, C))).epsilon(1e-14));
        before = kappa;
      }
    }
  }
  CHECK(endothelium::constriction(bed::small_artery, 10.0, 1.0) == 0.95);
  CHECK(endothelium::constriction(bed::capillary, 10.0, 1.0) == 0.0);
  CHECK(endothelium::constriction(bed::vein, 10.0, 1.0) == 0.0);
}

TEST_CASE("acetylcholine of 1 µM widens healthy epicardial arteries and narrows diseased ones") {
  CHECK(endothelium::epicardial_diameter(1.0, 1.0, 1e-3) > 1.0);
  CHECK(endothelium::epicardial_diameter(0.0, 1.0, 1e-3) < 1.0);
  // By hand: 1 + 0.1 · 1000/1050 − 0.2 · 0.45/3 and 1 − 0.45/3; rounding
  CHECK(endothelium::epicardial_diameter(1.0, 1.0, 1e-3) == Approx(1.0 + 0.1 / 1.05 - 0.03).epsilon(1e-14));
  CHECK(endothelium::epicardial_diameter(0.0, 1.0, 1e-3) == Approx(0.85).epsilon(1e-14));
}

TEST_CASE("the epicardial diameter is that of rest without acetylcholine, and never closes") {
  for (double e : {0.0, 0.5, 1.0})
    for (double reactivity : {0.0, 1.0, 3.0, 20.0}) {
      CHECK(endothelium::epicardial_diameter(e, reactivity, 0.0) == 1.0);
      for (double C : concentrations) {
        const double d = endothelium::epicardial_diameter(e, reactivity, C);
        CAPTURE(e, reactivity, C);
        CHECK(d > 0.049);  // 1 − 0.95, rounded
        CHECK(d < 1.1);
        if (e < 1.0) CHECK(endothelium::epicardial_diameter(e + 0.1, reactivity, C) >= d);
        CHECK(endothelium::epicardial_diameter(e, reactivity + 0.1, C) <= d);
      }
    }
}

}  // namespace coronet
