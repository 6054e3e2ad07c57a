/// What the files and tables say of a course that was solved only in part.
#include "io/course_output.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "io/run_output.hpp"

namespace coronet::io {
namespace {

/// A patient at rest with a sweep, 30 mmHg of which failed, and a step that broke off.
const PatientFile& file() {
  static const PatientFile f = load_patient("healthy");
  return f;
}

const RunResult& broken_run() {
  static const RunResult run = [] {
    RunResult r = run_patient(file().parameters, {"autoregulation", "pressure_step"}, network::lcx);
    AutoregulationPoint& p = r.courses.autoregulation->points[1];
    p.status = Status::no_convergence;
    p.failure = "no limit cycle <after> 600 beats";
    Transient& t = r.courses.time_courses[0].transient;
    t.status = Status::not_finite;
    t.failure = "a state became non-finite";
    t.beats.resize(20);
    return r;
  }();
  return run;
}

const Variable& variable(const Dataset& d, const std::string& name) {
  for (const Variable& v : d.variables)
    if (v.name == name) return v;
  throw DatasetError("no variable " + name);
}

}  // namespace

TEST_CASE("a failed pressure keeps its place, with status and reason instead of numbers") {
  REQUIRE(broken_run().status == Status::ok);
  const auto j = run_json(file(), broken_run());
  const auto& points = j["autoregulation"]["points"];
  REQUIRE(points.size() == 15);
  CHECK(points[1]["pressure_mmHg"] == 30.0);
  CHECK(points[1]["status"] == "no_convergence");
  CHECK(points[1]["failure"] == "no limit cycle <after> 600 beats");
  CHECK_FALSE(points[1].contains("perfusion_mL_per_min_per_g"));
  CHECK(points[2]["status"] == "ok");
  CHECK(points[2]["perfusion_mL_per_min_per_g"].size() == 4);
  CHECK(j["status"] == "ok");
  CHECK(j["pressure_step"]["status"] == "not_finite");
  CHECK(j["pressure_step"]["beats"].size() == 20);
  CHECK_FALSE(j["pressure_step"].contains("half_time_dilating_s"));
  const std::string table = course_tables(broken_run());
  CHECK(table.find("      30  no_convergence: no limit cycle <after> 600 beats\n") != std::string::npos);
  CHECK(table.find("not_finite: a state became non-finite\n") != std::string::npos);
}

TEST_CASE("a failed pressure is missing in the data set, and the rest of it is valid") {
  const Dataset d = run_dataset(file(), broken_run());
  CHECK_NOTHROW(validate(d));
  const Variable& perfusion = variable(d, "autoregulation_perfusion");
  CHECK(perfusion.dims == std::vector<std::string>{"perfusion_pressure", "territory", "layer"});
  REQUIRE(perfusion.data.size() == 15 * network::beds);
  for (std::size_t i = 0; i < perfusion.data.size(); ++i)
    CHECK(std::isnan(perfusion.data[i]) == (i / network::beds == 1));
  CHECK(variable(d, "autoregulation_status").text[1] == "no_convergence");
  CHECK(variable(d, "autoregulation_status").text[2] == "ok");
  CHECK(variable(d, "pressure_step_status").text[0] == "not_finite");
  CHECK_THROWS_AS(variable(d, "pressure_step_half_time_dilating"), DatasetError);
}

TEST_CASE("perfusion of the layers, weighted by their mass, is that of the artery") {
  const auto j = run_json(file(), broken_run());
  for (const auto& point : j["autoregulation"]["points"]) {
    if (point["status"] != "ok") continue;
    const auto& q = point["perfusion_mL_per_min_per_g"];
    double sum = 0.0;
    for (const char* layer : network::layer_names) sum += q[layer].get<double>() / 3.0;  // equal masses
    CHECK(q["artery"].get<double>() == Approx(sum));
    CHECK(point["endo_epi_ratio"].get<double>() ==
          Approx(q["subendocardium"].get<double>() / q["subepicardium"].get<double>()));
  }
}

TEST_CASE("a figure of courses breaks its line at a failed pressure and leaves the beat at rest out") {
  const Figure figure = run_figure(file(), broken_run());
  REQUIRE(figure.panels.size() == 4);
  CHECK(figure.panels[0].title == "Autoregulation, LCx");
  REQUIRE(figure.panels[0].series.size() == 4);
  CHECK(std::isnan(figure.panels[0].series[3].y[1]));
  CHECK(std::isfinite(figure.panels[0].series[3].y[2]));
  CHECK_NOTHROW(render_svg(figure));
}

TEST_CASE("a course without a single beat or point leaves no dimension of length 0") {
  RunResult run = broken_run();
  run.courses.time_courses[0].transient.beats.clear();
  run.courses.autoregulation->points.clear();
  CHECK_NOTHROW(validate(run_dataset(file(), run)));
  CHECK_NOTHROW(render_svg(run_figure(file(), run)));
  CHECK(run_json(file(), run)["pressure_step"]["beats"].empty());
}

}  // namespace coronet::io
