#include "io/dataset.hpp"

#include <catch2/catch.hpp>

using namespace coronet::io;
using Catch::Contains;

namespace {

Dataset good() {
  Dataset dataset{.attributes = {{"title", "two beats"}}};
  dataset.dimensions = {labelled("phase", {"rest", "adenosine_iv"}), valued("time", {0, 0.5, 1}, "s")};
  dataset.variables = {{.name = "flow", .units = "mL/min", .dims = {"phase", "time"}, .data = {1, 2, 3, 4, 5, 6}},
                       {.name = "status", .dims = {"phase"}, .text = {"ok", "µ"}},
                       {.name = "cfr", .units = "1", .data = {3.1}}};
  return dataset;
}

/// What `validate` says about `good()` after `spoil` has changed it.
template <class Spoil> std::string complaint(Spoil spoil) {
  Dataset dataset = good();
  spoil(dataset);
  try {
    validate(dataset);
  } catch (const DatasetError& error) {
    return error.what();
  }
  return "no complaint";
}

}  // namespace

TEST_CASE("a consistent data set is accepted and knows its shapes") {
  const Dataset dataset = good();
  CHECK_NOTHROW(validate(dataset));
  CHECK(shape(dataset, dataset.variables[0]) == std::vector<std::size_t>{2, 3});
  CHECK(shape(dataset, dataset.variables[2]).empty());
  CHECK(numbered("sample", 3).values == std::vector<double>{0, 1, 2});
}

TEST_CASE("an inconsistent data set is refused in words that name the place") {
  CHECK_THAT(complaint([](Dataset& d) { d.variables[0].data.pop_back(); }),
             Contains("variable 'flow': dims (phase, time) ask for 6 elements, there are 5"));
  CHECK_THAT(complaint([](Dataset& d) {
               d.variables[0].dims = {"phase", "layer"};
             }),
             Contains("variable 'flow': there is no dimension 'layer'"));
  CHECK_THAT(complaint([](Dataset& d) { d.variables[0].dims = {"phase", "phase"}; }), Contains("'phase' occurs twice"));
  CHECK_THAT(complaint([](Dataset& d) { d.variables[2].name = "flow"; }),
             Contains("'flow': the name is already in use"));
  CHECK_THAT(complaint([](Dataset& d) { d.variables[2].name = "time"; }),
             Contains("'time': the name is already in use"));
  CHECK_THAT(complaint([](Dataset& d) { d.variables[2].name = "a/b"; }), Contains("variable 'a/b': a name is"));
  CHECK_THAT(complaint([](Dataset& d) { d.variables[2].name = ""; }), Contains("a name is"));
  CHECK_THAT(complaint([](Dataset& d) { d.variables[0].units = ""; }), Contains("variable 'flow': numbers need units"));
  CHECK_THAT(complaint([](Dataset& d) { d.variables[0].units = "seconds"; }), Contains("read as a time delta"));
  CHECK_THAT(complaint([](Dataset& d) { d.variables[1].units = "1"; }), Contains("text has no units"));
  CHECK_THAT(complaint([](Dataset& d) { d.variables[1].data = {1, 2}; }), Contains("both data and text"));
  CHECK_THAT(complaint([](Dataset& d) { d.variables[2].data.clear(); }), Contains("ask for 1 elements, there are 0"));
  CHECK_THAT(complaint([](Dataset& d) {
               d.variables[0].attributes = {{"units", "Pa"}};
             }),
             Contains("set by the writer"));
  CHECK_THAT(complaint([](Dataset& d) {
               d.attributes = {{"a", "1"}, {"a", "2"}};
             }),
             Contains("attribute 'a' occurs twice"));
  CHECK_THAT(complaint([](Dataset& d) { d.dimensions[0].size = 3; }), Contains("size is 3, but it has 2 coordinates"));
  CHECK_THAT(complaint([](Dataset& d) { d.dimensions[0].values = {1, 2}; }), Contains("either labels or values"));
  CHECK_THAT(complaint([](Dataset& d) {
               d.dimensions[0].labels = {"rest", "rest"};
             }),
             Contains("label 'rest' occurs twice"));
  CHECK_THAT(complaint([](Dataset& d) { d.dimensions[1].values[0] = NAN; }), Contains("not finite"));
  CHECK_THAT(complaint([](Dataset& d) { d.dimensions[1] = numbered("time", 0); }), Contains("size is 0"));
}

TEST_CASE("text that a file could not carry is refused") {
  for (const std::string& bad :
       {std::string("a\0b", 3), std::string("\xff"), std::string("\xc0\xaf"), std::string("\xed\xa0\x80"),
        std::string("\xe2\x82"), std::string("\xf5\x80\x80\x80")}) {
    CHECK_THAT(complaint([&](Dataset& d) { d.variables[1].text[0] = bad; }),
               Contains("variable 'status': text must be UTF-8"));
    CHECK_THAT(complaint([&](Dataset& d) { d.attributes[0].second = bad; }), Contains("'title': text must be UTF-8"));
  }
  CHECK(complaint([](Dataset& d) { d.variables[1].text[0] = "é € 𝄞"; }) == "no complaint");
}
