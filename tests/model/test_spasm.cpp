#include <catch2/catch.hpp>

#include "model/spasm.hpp"

namespace coronet {

TEST_CASE("a site without acetylcholine is as wide as its artery and loses nothing") {
  for (double e : {0.0, 0.5, 1.0})
    for (double g : {0.0, 1.0, 50.0}) {
      CHECK(spasm::site_diameter(e, g, 0.0) == 1.0);
      CHECK(spasm::reduction(1.0, spasm::site_diameter(e, g, 0.0)) == 0.0);
    }
}

TEST_CASE("a site with the reactivity of its artery does what the artery does") {
  for (double e : {0.0, 0.5, 1.0})
    for (double C : {1e-5, 1e-3, 1e-2})
      CHECK(spasm::site_diameter(e, 1.0, C) == Approx(endothelium::epicardial_diameter(e, 1.0, C)).epsilon(1e-14));
}

TEST_CASE("a site narrows with the drug and with its reactivity, and never below a twentieth") {
  for (double C : {1e-5, 1e-4, 1e-3, 1e-2}) {
    double before = 2.0;
    for (double g = 0.0; g <= 50.0; g += 2.0) {
      const double d = spasm::site_diameter(0.5, g, C);
      CHECK(d <= before);
      CHECK(d >= 0.05);
      before = d;
    }
  }
  // By hand at 2 µM without endothelium: 1 − 3 · 0.45/2
  CHECK(spasm::site_diameter(0.0, 3.0, 2e-3) == Approx(1.0 - 3.0 * 0.225).epsilon(1e-14));
}

TEST_CASE("the narrowing is measured against the artery at that moment and ends at 90 %") {
  CHECK(spasm::reduction(0.8, 0.4) == Approx(0.5).epsilon(1e-15));
  CHECK(spasm::reduction(0.8, 0.9) == 0.0);
  CHECK(spasm::reduction(1.0, 0.05) == stenosis::max_reduction);
  CHECK(spasm::lumen(0.8, 0.4) == Approx(0.4).epsilon(1e-15));
  CHECK(spasm::lumen(0.8, 0.05) == Approx(0.08).epsilon(1e-14));  // a tenth of the artery
}

TEST_CASE("a site loses pressure as a stenosis of its narrowing and has the inertance of its throat") {
  const double D0 = 3e-3, L = 12e-3, mu = 3.5e-3, rho = 1055.0;
  for (double r : {0.0, 0.5, 0.9}) {
    const auto site = spasm::loss(D0, r, L, mu, rho);
    const auto lesion = stenosis::loss<double>({D0, r, L, 1.52}, mu, rho);
    CHECK(site.viscous == lesion.viscous);
    CHECK(site.turbulent == lesion.turbulent);
    const double throat = 0.25 * stenosis::pi * D0 * D0 * (1.0 - r) * (1.0 - r);
    CHECK(site.inertial + rho * L / (0.25 * stenosis::pi * D0 * D0) == Approx(rho * L / throat).epsilon(1e-12));
  }
}

}  // namespace coronet
