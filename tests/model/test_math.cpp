#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "model/math.hpp"
#include "tests/model/sequence.hpp"

// The figures below are the "measured maximal error" of the table in model/math.hpp, found with 2e7 points per function
// against the C library's long double; the worst points of that search are among those tried here.

namespace coronet {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr bool reference_is_finer = std::numeric_limits<long double>::digits >= 64;  // x87; not so for every processor

/// Error in units of the last place of the exact value.
double ulps(double value, long double exact) {
  int exponent;
  std::frexp(exact, &exponent);
  return static_cast<double>(std::fabs(value - exact) / std::ldexp(1.0L, exponent - 53));
}

/// Steps back of an increasing function over the 2n doubles around x.
template <class F> int steps_back(F f, double x, int n) {
  for (int i = 0; i < n; ++i) x = std::nextafter(x, -infinity);
  int count = 0;
  double before = f(x);
  for (int i = 0; i < 2 * n; ++i) {
    x = std::nextafter(x, infinity);
    const double value = f(x);
    if (value < before) ++count;
    before = value;
  }
  return count;
}

constexpr int points = 200'000;

}  // namespace

TEST_CASE("exp is as accurate as its table says") {
  if (!reference_is_finer) return;
  const auto error = [](double x) { return ulps(exp(x), std::exp(static_cast<long double>(x))); };
  double worst = error(222.84731579591073);
  for (int i = 0; i < points; ++i)
    for (double x : {spread(i, -708.0, 709.0), spread(i, -2.0, 2.0)}) worst = std::fmax(worst, error(x));
  CHECK(worst < 1.0);
  CHECK(worst > 0.9);  // or the table promises too little
}

TEST_CASE("log is as accurate as its table says") {
  if (!reference_is_finer) return;
  const auto error = [](double x) { return ulps(log(x), std::log(static_cast<long double>(x))); };
  double worst = error(0.70142690172454014);
  for (int i = 0; i < points; ++i) {
    const double small = std::exp(spread(i, -36.0, -1.0));
    for (double x : {std::exp(spread(i, -690.7, 690.7)), spread(i, 0.5, 2.0), 1.0 + small, 1.0 - small})
      worst = std::fmax(worst, error(x));
  }
  CHECK(worst < 1.0);
  CHECK(worst > 0.9);
}

TEST_CASE("the error of pow grows with the exponent of its result as its table says") {
  if (!reference_is_finer) return;
  const auto share = [](double x, double y) {
    const double allowed = 2.0 + 2.0 * std::fabs(y * std::log(x));
    return ulps(pow(x, y), std::pow(static_cast<long double>(x), static_cast<long double>(y))) / allowed;
  };
  double worst = share(1.3233509683146807, -64.629020659297069);
  for (int i = 0; i < points; ++i)
    for (double size : {699.9, 5.0}) {
      const double x = std::exp(spread(i, -690.0, 690.0));
      const double y = spread(i, -size, size, 1) / std::log(x);
      worst = std::fmax(worst, share(x, y));
    }
  CHECK(worst < 1.0);
  CHECK(worst > 0.8);
}

TEST_CASE("atan is as accurate as its table says") {
  if (!reference_is_finer) return;
  const auto error = [](double x) { return ulps(atan(x), std::atan(static_cast<long double>(x))); };
  double worst = error(0.43556224163493545);
  for (int i = 0; i < points; ++i)
    for (double x : {spread(i, -4.0, 4.0), std::exp(spread(i, -700.0, 700.0)), -std::exp(spread(i, -700.0, 700.0))})
      worst = std::fmax(worst, error(x));
  CHECK(worst < 1.8);
  CHECK(worst > 1.7);
}

TEST_CASE("elementary functions are exact where the answer is a whole number") {
  CHECK(exp(0.0) == 1.0);
  CHECK(exp(-0.0) == 1.0);
  CHECK(log(1.0) == 0.0);
  CHECK(atan(0.0) == 0.0);
  CHECK(pow(1.0, 1e5) == 1.0);
  CHECK(pow(7.3, 0.0) == 1.0);
}

TEST_CASE("outside its range exp stays at the end of the range") {
  CHECK(exp(709.5) == exp(709.0));
  CHECK(exp(infinity) == exp(709.0));
  CHECK(exp(-1e300) == exp(-708.0));
  CHECK(exp(-infinity) == exp(-708.0));
  CHECK(std::isfinite(exp(709.0)));
  CHECK(exp(-708.0) >= std::numeric_limits<double>::min());  // no subnormal numbers, which some processors flush
}

TEST_CASE("log and pow of numbers that are not positive are not a number") {
  for (double x : {0.0, -0.0, -1.0, -infinity}) {
    CHECK(std::isnan(log(x)));
    CHECK(std::isnan(pow(x, 2.0)));
  }
}

TEST_CASE("not a number stays so through every function") {
  CHECK(std::isnan(exp(nan)));
  CHECK(std::isnan(log(nan)));
  CHECK(std::isnan(atan(nan)));
  CHECK(std::isnan(pow(nan, 2.0)));
  CHECK(std::isnan(pow(2.0, nan)));
}

TEST_CASE("atan is odd and ends at a right angle") {
  for (int i = 0; i < 1000; ++i) {
    const double x = std::exp(spread(i, -20.0, 20.0));
    CHECK(atan(-x) == -atan(x));
  }
  CHECK(atan(1e300) == 1.57079632679489661923);
  CHECK(atan(infinity) == 1.57079632679489661923);
}

TEST_CASE("no function steps back where its reduction changes, not even by one bit") {
  int back = 0;
  for (int n = -1000; n < 1000; ++n)
    back += steps_back([](double x) { return exp(x); }, (n + 0.5) * 0.69314718055994530942, 100);
  CHECK(back == 0);
  for (int n = -900; n < 900; ++n)
    back += steps_back([](double x) { return log(x); }, std::ldexp(1.41421356237309504880, n), 100);
  CHECK(back == 0);
  for (double x : {0.41421356237309504880, 2.41421356237309504880})
    for (double sign : {-1.0, 1.0}) back += steps_back([](double y) { return atan(y); }, sign * x, 100'000);
  CHECK(back == 0);
}

}  // namespace coronet
