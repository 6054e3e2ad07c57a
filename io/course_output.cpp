#include "io/course_output.hpp"

#include <fmt/format.h>
#include <cmath>
#include <functional>
#include <limits>

#include "scenarios/bed_readings.hpp"

namespace coronet::io {
namespace {

using network::bed_of;
using Json = nlohmann::ordered_json;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double per_min = 60.0;

Json json_number(double v) { return std::isfinite(v) ? Json(v) : Json(); }

const char* end_words(ExerciseEnd end) {
  switch (end) {
    case ExerciseEnd::ischaemia:
      return "ischaemia";
    case ExerciseEnd::fatigue:
      return "fatigue";
    case ExerciseEnd::protocol_over:
      return "protocol_over";
    case ExerciseEnd::failed:
      return "failed";
  }
  return "failed";
}

std::size_t stage_at(double time) {
  const auto stage = static_cast<std::size_t>(std::ceil(time / stage_length));
  return std::min(stage, bruce_METs.size());
}

Json limit_json(const LowerLimit& limit) {
  if (limit.found == LowerLimit::Found::yes) return limit.pressure_mmHg;
  return limit.found == LowerLimit::Found::below_range ? "below_range" : "not_effective";
}

std::string limit_words(const LowerLimit& limit, const Autoregulation& sweep) {
  if (limit.found == LowerLimit::Found::yes) return fmt::format("{:.1f}", limit.pressure_mmHg);
  if (limit.found == LowerLimit::Found::below_range && !sweep.points.empty())
    return fmt::format("< {:.0f}", sweep.points.front().pressure_mmHg);
  return "none";
}

/// What one artery's beds say together.
struct ArteryView {
  const PatientParameters& p;
  std::size_t artery;

  double layer(const PerBed& flow, std::size_t l) const {
    return layer_perfusion_mL_per_min_per_g(p, flow, bed_of(artery, l));
  }
  double whole(const PerBed& flow) const { return perfusion_mL_per_min_per_g(p, flow, artery); }
  double saturation_percent(const PerBed& saturation, const PerBed& flow) const {
    return mixed(saturation, flow, artery) / unit::percent;
  }
  double tension_mmHg(const PerBed& tension) const { return lowest(tension, artery) / unit::mmHg; }
  Json perfusion_json(const PerBed& flow) const {
    Json j = Json::object();
    for (std::size_t l = 0; l < network::layers; ++l) j[network::layer_names[l]] = layer(flow, l);
    j["artery"] = whole(flow);
    return j;
  }
  Json layers_json(const PerBed& value) const {
    Json j = Json::object();
    for (std::size_t l = 0; l < network::layers; ++l) j[network::layer_names[l]] = value[bed_of(artery, l)];
    return j;
  }
};

ArteryView view(const RunResult& run) { return {run.patient.parameters, run.artery}; }

const char* artery_name(const RunResult& run) { return network::territory_names[run.artery]; }

std::string status_line(Status status, const std::string& failure) {
  return status == Status::ok ? "" : fmt::format("  {}: {}\n", status_name(status), failure);
}

// --- autoregulation ----------------------------------------------------------------------------------------------

std::string table_of(const Autoregulation& sweep, const RunResult& run) {
  const ArteryView v = view(run);
  std::string out = fmt::format("\nautoregulation ({}): pressure at the ostia, demand fixed\n", artery_name(run));
  if (sweep.status != Status::ok) return out + status_line(sweep.status, sweep.failure);
  out += fmt::format("{:>8}  {:^31}  {:>8} {:>8} {:>12}  {:^20}\n", "", "flow, mL/min/g", "", "venous", "lowest O2",
                     "metabolic dilation");
  out += fmt::format("{:>8}  {:>7} {:>7} {:>7} {:>7}  {:>8} {:>8} {:>12}  {:>6} {:>6} {:>6}\n", "mmHg", "endo", "mid",
                     "epi", "artery", "ENDO/EPI", "O2, %", "tissue, mmHg", "endo", "mid", "epi");
  for (const AutoregulationPoint& p : sweep.points) {
    out += fmt::format("{:>8.0f}  ", p.pressure_mmHg);
    if (p.status != Status::ok) {
      out += fmt::format("{}: {}\n", status_name(p.status), p.failure);
      continue;
    }
    const auto dilation = [&](std::size_t l) { return p.metabolic_dilation[bed_of(run.artery, l)]; };
    out += fmt::format("{:>7.3f} {:>7.3f} {:>7.3f} {:>7.3f}  {:>8.2f} {:>8.1f} {:>12.1f}  {:>6.2f} {:>6.2f} {:>6.2f}\n",
                       v.layer(p.flow, 0), v.layer(p.flow, 1), v.layer(p.flow, 2), v.whole(p.flow),
                       endo_epi_ratio(p.flow, run.artery), v.saturation_percent(p.venous_saturation, p.flow),
                       v.tension_mmHg(p.tissue_tension), dilation(0), dilation(1), dilation(2));
  }
  out += fmt::format("  at the patient's own {:.1f} mmHg: {:.3f} mL/min/g\n", sweep.own_pressure_mmHg,
                     v.whole(sweep.flow_at_rest));
  const double gain = sweep.gain(run.artery);
  out +=
      fmt::format("  gain {:.0f} to {:.0f} mmHg: {} (1 - ln Q ratio / ln P ratio; 1 holds flow, 0 holds resistance)\n",
                  gain_from_mmHg, gain_to_mmHg, std::isfinite(gain) ? fmt::format("{:.2f}", gain) : "-");
  out += fmt::format("  lower limit, mmHg: endo {}, mid {}, epi {}, artery {} (gain over {:.0f} mmHg below {:.1f})\n",
                     limit_words(sweep.lower_limit_of_layer(run.artery, 0), sweep),
                     limit_words(sweep.lower_limit_of_layer(run.artery, 1), sweep),
                     limit_words(sweep.lower_limit_of_layer(run.artery, 2), sweep),
                     limit_words(sweep.lower_limit_of_artery(run.artery), sweep), gain_window_mmHg, effective_gain);
  return out;
}

Json json_of(const Autoregulation& sweep, const RunResult& run) {
  const ArteryView v = view(run);
  Json j;
  j["status"] = status_name(sweep.status);
  if (!sweep.failure.empty()) j["failure"] = sweep.failure;
  if (sweep.status != Status::ok) return j;
  j["own_pressure_mmHg"] = sweep.own_pressure_mmHg;
  j["perfusion_rest_mL_per_min_per_g"] = v.perfusion_json(sweep.flow_at_rest);
  j["gain_70_to_120_mmHg"] = json_number(sweep.gain(run.artery));
  Json& limits = j["lower_limit_mmHg"] = Json::object();
  for (std::size_t l = 0; l < network::layers; ++l)
    limits[network::layer_names[l]] = limit_json(sweep.lower_limit_of_layer(run.artery, l));
  limits["artery"] = limit_json(sweep.lower_limit_of_artery(run.artery));
  Json& points = j["points"] = Json::array();
  for (const AutoregulationPoint& p : sweep.points) {
    Json q;
    q["pressure_mmHg"] = p.pressure_mmHg;
    q["status"] = status_name(p.status);
    if (p.status != Status::ok) {
      q["failure"] = p.failure;
    } else {
      q["perfusion_mL_per_min_per_g"] = v.perfusion_json(p.flow);
      q["endo_epi_ratio"] = endo_epi_ratio(p.flow, run.artery);
      q["venous_saturation_percent"] = v.saturation_percent(p.venous_saturation, p.flow);
      q["lowest_tissue_tension_mmHg"] = v.tension_mmHg(p.tissue_tension);
      q["metabolic_dilation"] = v.layers_json(p.metabolic_dilation);
    }
    points.push_back(q);
  }
  return j;
}

// --- exercise ----------------------------------------------------------------------------------------------------

std::string where_ischaemic(const ExerciseTest& test) {
  return fmt::format("{} {}", network::territory_names[test.ischaemic_territory()],
                     network::layer_names[test.ischaemic_layer()]);
}

double rate_pressure_product(const RunResult& run, double METs) {
  return rate_pressure_product_mmHg_per_min(run.patient, METs);
}

double heart_tension_mmHg(const RunResult& run, const ExercisePoint& p) {
  return lowest_tension(run.patient.parameters, p) / unit::mmHg;
}

double heart_flow(const ExercisePoint& p) {
  double flow = 0.0;
  for (double q : p.flow) flow += q;
  return flow;
}

std::string table_of(const ExerciseTest& test, const RunResult& run) {
  const ArteryView v = view(run);
  std::string out = fmt::format("\nexercise_ramp ({}): modified Bruce, stages of 3 min\n", artery_name(run));
  out += fmt::format("{:>6} {:>6} {:>6} {:>6} {:>10} {:>7}  {:>9} {:>9}  {:>8} {:>8} {:>12}\n", "s", "stage", "METs",
                     "1/min", "RPP, mmHg", "demand", "flow,", "heart,", "", "venous", "lowest O2");
  out += fmt::format("{:>6} {:>6} {:>6} {:>6} {:>10} {:>7}  {:>9} {:>9}  {:>8} {:>8} {:>12}\n", "", "", "", "", "/min",
                     "x rest", "mL/min/g", "mL/min", "ENDO/EPI", "O2, %", "heart, mmHg");
  for (const ExercisePoint& p : test.points) {
    out += fmt::format(
        "{:>6.0f} {:>6} {:>6.2f} {:>6.0f} {:>10.0f} {:>7.2f}  {:>9.3f} {:>9.1f}  {:>8.2f} {:>8.1f} {:>12.1f}\n", p.time,
        stage_at(p.time), p.METs, per_min * p.rate, rate_pressure_product(run, p.METs), p.demand_factor,
        v.whole(p.bed_flow), heart_flow(p) / unit::mL_per_min, p.endo_epi[run.artery],
        v.saturation_percent(p.venous_saturation, p.bed_flow), heart_tension_mmHg(run, p));
  }
  out += status_line(test.status, test.failure);
  if (test.points.empty()) return out;
  if (test.status == Status::ok)
    out += fmt::format("  end: {} at {:.0f} s, {:.1f} METs, rate-pressure product {:.0f} mmHg/min\n",
                       end_words(test.end), test.time, test.METs, rate_pressure_product(run, test.METs));
  if (test.ischaemia)
    out += fmt::format("  onset of ischaemia: {:.0f} s, {:.1f} METs, {}\n", test.ischaemia_time, test.ischaemia_METs,
                       where_ischaemic(test));
  else
    out += fmt::format("  onset of ischaemia: {}\n", test.status == Status::ok ? "none" : "none until then");
  return out;
}

Json json_of(const ExerciseTest& test, const RunResult& run) {
  const ArteryView v = view(run);
  Json j;
  j["status"] = status_name(test.status);
  if (!test.failure.empty()) j["failure"] = test.failure;
  j["end"] = end_words(test.end);
  j["time_s"] = test.time;
  j["peak_METs"] = test.METs;
  j["peak_rate_pressure_product_mmHg_per_min"] = rate_pressure_product(run, test.METs);
  j["ischaemia"] = Json();
  if (test.ischaemia)
    j["ischaemia"] = {{"time_s", test.ischaemia_time},
                      {"METs", test.ischaemia_METs},
                      {"territory", network::territory_names[test.ischaemic_territory()]},
                      {"layer", network::layer_names[test.ischaemic_layer()]}};
  Json& points = j["points"] = Json::array();
  for (const ExercisePoint& p : test.points) {
    Json q;
    q["time_s"] = p.time;
    q["stage"] = stage_at(p.time);
    q["METs"] = p.METs;
    q["heart_rate_bpm"] = per_min * p.rate;
    q["aortic_pressure_mmHg"] = p.aortic / unit::mmHg;
    q["rate_pressure_product_mmHg_per_min"] = rate_pressure_product(run, p.METs);
    q["demand_factor"] = p.demand_factor;
    q["flow_mL_per_min"] = p.flow[run.artery] / unit::mL_per_min;
    q["flow_total_mL_per_min"] = heart_flow(p) / unit::mL_per_min;
    q["perfusion_mL_per_min_per_g"] = v.perfusion_json(p.bed_flow);
    q["endo_epi_ratio"] = p.endo_epi[run.artery];
    q["venous_saturation_percent"] = v.saturation_percent(p.venous_saturation, p.bed_flow);
    q["lowest_tissue_tension_mmHg"] = v.tension_mmHg(p.tissue_tension);
    q["lowest_tissue_tension_heart_mmHg"] = heart_tension_mmHg(run, p);
    points.push_back(q);
  }
  return j;
}

// --- time courses ------------------------------------------------------------------------------------------------

std::string change_words(const TimeCourse& c) {
  if (c.name == "pressure_step") return fmt::format("pressure at the ostia x {:.2f}", c.changed.perfusion_factor);
  if (c.name == "pacing_step")
    return fmt::format("heart rate + {:.0f}/min, demand x {:.2f}", per_min * c.changed.heart_rate_rise,
                       c.changed.demand_factor);
  return fmt::format("{} closed", network::territory_names[c.artery]);
}

std::string table_of(const TimeCourse& c, const RunResult& run) {
  const ArteryView v = view(run);
  std::string out = fmt::format("\n{} ({}): {} from {:.0f} to {:.0f} s\n", c.name, artery_name(run), change_words(c),
                                c.start, c.release);
  out += fmt::format("{:>6} {:>10} {:>10}  {:>9} {:>9} {:>13}\n", "s", "mmHg", "mL/min", "ENDO/EPI", "venous O2",
                     "tissue, mmHg");
  // Densely where flow moves, then a line every ten seconds; every beat is in the JSON
  double next = 0.0;
  for (const TransientBeat& b : c.transient.beats) {
    if (b.time < next - 1e-9) continue;
    const double since = b.time >= c.release - 1e-9 ? b.time - c.release
                         : b.time >= c.start - 1e-9 ? b.time - c.start
                                                    : 100.0;
    next = since < 10.0 ? b.time + 2.0 : since < 30.0 ? b.time + 5.0 : b.time + 20.0;
    if (b.time < c.start - 1e-9) next = std::min(next, c.start);
    if (b.time < c.release - 1e-9 && b.time >= c.start - 1e-9) next = std::min(next, c.release);
    out +=
        fmt::format("{:>6.1f} {:>10.1f} {:>10.1f}  {:>9.2f} {:>9.1f} {:>13.1f}\n", b.time, b.beat.aortic / unit::mmHg,
                    b.flow[run.artery] / unit::mL_per_min, b.endo_epi[run.artery],
                    v.saturation_percent(b.beat.venous_saturation, b.beat.flow), v.tension_mmHg(b.beat.tissue_tension));
  }
  out += status_line(c.transient.status, c.transient.failure);
  if (c.transient.status != Status::ok) return out;
  if (c.name == "occlusion") {
    const ReactiveHyperaemia& r = c.hyperaemia;
    return out + fmt::format(
                     "  reactive hyperaemia: flow before {:.1f} mL/min, peak {:.2f} x after {:.1f} s, half-decay "
                     "{:.1f} s, debt repaid {:.2f} x\n",
                     r.flow_before / unit::mL_per_min, r.peak, r.time_to_peak, r.half_decay, r.repayment);
  }
  const StepResponse& s = c.step;
  return out + fmt::format(
                   "  flow {:.1f}, {:.1f}, {:.1f} mL/min; half-time of conductance: dilating {:.1f} s, "
                   "constricting {:.1f} s\n",
                   s.flow_before / unit::mL_per_min, s.flow_changed / unit::mL_per_min, s.flow_after / unit::mL_per_min,
                   s.half_time_dilating, s.half_time_constricting);
}

Json json_of(const TimeCourse& c, const RunResult& run) {
  const ArteryView v = view(run);
  Json j;
  j["status"] = status_name(c.transient.status);
  if (!c.transient.failure.empty()) j["failure"] = c.transient.failure;
  j["start_s"] = c.start;
  j["release_s"] = c.release;
  if (c.name == "pressure_step") j["perfusion_factor"] = c.changed.perfusion_factor;
  if (c.name == "pacing_step") {
    j["heart_rate_rise_bpm"] = per_min * c.changed.heart_rate_rise;
    j["demand_factor"] = c.changed.demand_factor;
  }
  if (c.transient.status == Status::ok) {
    if (c.name == "occlusion") {
      const ReactiveHyperaemia& r = c.hyperaemia;
      j["flow_before_mL_per_min"] = r.flow_before / unit::mL_per_min;
      j["peak"] = r.peak;
      j["time_to_peak_s"] = r.time_to_peak;
      j["half_decay_s"] = r.half_decay;
      j["repayment"] = r.repayment;
    } else {
      j["flow_before_mL_per_min"] = c.step.flow_before / unit::mL_per_min;
      j["flow_changed_mL_per_min"] = c.step.flow_changed / unit::mL_per_min;
      j["flow_after_mL_per_min"] = c.step.flow_after / unit::mL_per_min;
      j["half_time_dilating_s"] = c.step.half_time_dilating;
      j["half_time_constricting_s"] = c.step.half_time_constricting;
    }
  }
  Json& beats = j["beats"] = Json::array();
  for (const TransientBeat& b : c.transient.beats) {
    Json q;
    q["time_s"] = b.time;
    q["condition"] = b.condition;
    q["aortic_pressure_mmHg"] = b.beat.aortic / unit::mmHg;
    q["flow_mL_per_min"] = b.flow[run.artery] / unit::mL_per_min;
    q["perfusion_mL_per_min_per_g"] = v.perfusion_json(b.beat.flow);
    q["endo_epi_ratio"] = b.endo_epi[run.artery];
    q["venous_saturation_percent"] = v.saturation_percent(b.beat.venous_saturation, b.beat.flow);
    q["lowest_tissue_tension_mmHg"] = v.tension_mmHg(b.beat.tissue_tension);
    beats.push_back(q);
  }
  return j;
}

// --- data set ----------------------------------------------------------------------------------------------------

/// Variables along one course's own dimension.
template <class Point> struct CourseVariables {
  Dataset& dataset;
  std::string prefix, dim;
  const std::vector<Point>& points;
  std::function<bool(const Point&)> usable;

  void per_bed(const std::string& name, const std::string& units, const std::string& long_name,
               const std::function<double(const Point&, std::size_t)>& value) {
    Variable v{.name = prefix + name, .units = units, .long_name = long_name, .dims = {dim, "territory", "layer"}};
    for (const Point& p : points)
      for (std::size_t b = 0; b < network::beds; ++b) v.data.push_back(usable(p) ? value(p, b) : missing);
    dataset.variables.push_back(std::move(v));
  }
  void single(const std::string& name, const std::string& units, const std::string& long_name,
              const std::function<double(const Point&)>& value) {
    Variable v{.name = prefix + name, .units = units, .long_name = long_name, .dims = {dim}};
    for (const Point& p : points) v.data.push_back(usable(p) ? value(p) : missing);
    dataset.variables.push_back(std::move(v));
  }
  void scalar(const std::string& name, const std::string& units, const std::string& long_name, double value) {
    dataset.variables.push_back({.name = prefix + name, .units = units, .long_name = long_name, .data = {value}});
  }
  void text(const std::string& name, const std::string& long_name, std::vector<std::string> dims,
            std::vector<std::string> words) {
    dataset.variables.push_back(
        {.name = prefix + name, .long_name = long_name, .dims = std::move(dims), .text = std::move(words)});
  }
};

void add(Dataset& d, const Autoregulation& sweep, const RunResult& run) {
  if (sweep.points.empty()) return;
  const PatientParameters& p = run.patient.parameters;
  std::vector<double> pressures;
  std::vector<std::string> statuses, failures;
  for (const AutoregulationPoint& point : sweep.points) {
    pressures.push_back(point.pressure_mmHg);
    statuses.push_back(status_name(point.status));
    failures.push_back(point.failure);
  }
  d.dimensions.push_back(valued("perfusion_pressure", pressures, "mmHg", "mean pressure at the coronary ostia"));
  using Point = AutoregulationPoint;
  CourseVariables<Point> v{d, "autoregulation_", "perfusion_pressure", sweep.points,
                           [](const Point& q) { return q.status == Status::ok; }};
  v.per_bed("perfusion", "mL/min/g", "mean perfusion of the layer",
            [&](const Point& q, std::size_t b) { return layer_perfusion_mL_per_min_per_g(p, q.flow, b); });
  v.per_bed("venous_saturation", "%", "venous oxygen saturation",
            [](const Point& q, std::size_t b) { return q.venous_saturation[b] / unit::percent; });
  v.per_bed("tissue_oxygen_tension", "mmHg", "oxygen tension farthest from the capillary",
            [](const Point& q, std::size_t b) { return q.tissue_tension[b] / unit::mmHg; });
  v.per_bed("metabolic_dilation", "1", "metabolic dilation of the smallest arterioles (0 none, 1 full)",
            [](const Point& q, std::size_t b) { return q.metabolic_dilation[b]; });
  v.text("status", "ok, or why the pressure has no values", {"perfusion_pressure"}, statuses);
  v.text("failure", "reason of a failure", {"perfusion_pressure"}, failures);
  Variable gain{.name = "autoregulation_gain",
                .units = "1",
                .long_name = "gain of the artery from 70 to 120 mmHg",
                .dims = {"territory"}};
  Variable limit{.name = "autoregulation_lower_limit",
                 .units = "mmHg",
                 .long_name = "pressure at which the gain of the layer has fallen to 0.4; missing where there is none",
                 .dims = {"territory", "layer"}};
  for (std::size_t t = 0; t < network::territories; ++t) {
    gain.data.push_back(sweep.gain(t));
    for (std::size_t l = 0; l < network::layers; ++l) {
      const LowerLimit found = sweep.lower_limit_of_layer(t, l);
      limit.data.push_back(found.found == LowerLimit::Found::yes ? found.pressure_mmHg : missing);
    }
  }
  d.variables.push_back(std::move(gain));
  d.variables.push_back(std::move(limit));
}

void add(Dataset& d, const ExerciseTest& test, const RunResult& run) {
  if (test.points.empty()) return;
  const PatientParameters& p = run.patient.parameters;
  std::vector<double> times;
  for (const ExercisePoint& point : test.points) times.push_back(point.time);
  d.dimensions.push_back(valued("exercise_ramp_time", times, "s", "time since the start of exercise"));
  using Point = ExercisePoint;
  CourseVariables<Point> v{d, "exercise_ramp_", "exercise_ramp_time", test.points, [](const Point&) { return true; }};
  v.single("load", "1", "load in METs, multiples of resting oxygen uptake", [](const Point& q) { return q.METs; });
  v.single("heart_rate", "1/min", "heart rate", [](const Point& q) { return per_min * q.rate; });
  v.single("aortic_pressure", "mmHg", "mean aortic pressure", [](const Point& q) { return q.aortic / unit::mmHg; });
  v.single("rate_pressure_product", "mmHg/min", "systolic pressure times heart rate",
           [&](const Point& q) { return rate_pressure_product(run, q.METs); });
  v.single("demand_factor", "1", "oxygen demand relative to rest", [](const Point& q) { return q.demand_factor; });
  v.per_bed("perfusion", "mL/min/g", "mean perfusion of the layer",
            [&](const Point& q, std::size_t b) { return layer_perfusion_mL_per_min_per_g(p, q.bed_flow, b); });
  v.per_bed("venous_saturation", "%", "venous oxygen saturation",
            [](const Point& q, std::size_t b) { return q.venous_saturation[b] / unit::percent; });
  v.per_bed("tissue_oxygen_tension", "mmHg", "oxygen tension farthest from the capillary",
            [](const Point& q, std::size_t b) { return q.tissue_tension[b] / unit::mmHg; });
  v.text("end", "why the test ended", {}, {end_words(test.end)});
  v.text("status", "ok, or why the test broke off", {}, {status_name(test.status)});
  v.scalar("duration", "s", "length of the test", test.time);
  v.scalar("peak_load", "1", "load at the end, METs", test.METs);
  v.scalar("ischaemia_time", "s", "onset of ischaemia; missing without",
           test.ischaemia ? test.ischaemia_time : missing);
  v.scalar("ischaemia_load", "1", "load at the onset of ischaemia, METs; missing without",
           test.ischaemia ? test.ischaemia_METs : missing);
  v.text("ischaemic_bed", "territory and layer of the onset", {}, {test.ischaemia ? where_ischaemic(test) : "none"});
}

void add(Dataset& d, const TimeCourse& c, const RunResult& run) {
  if (c.transient.beats.empty()) return;
  const PatientParameters& p = run.patient.parameters;
  std::vector<double> times;
  for (const TransientBeat& b : c.transient.beats) times.push_back(b.time);
  const std::string dim = c.name + "_time";
  d.dimensions.push_back(valued(dim, times, "s", "start of the beat"));
  using Point = TransientBeat;
  CourseVariables<Point> v{d, c.name + "_", dim, c.transient.beats, [](const Point&) { return true; }};
  v.single("aortic_pressure", "mmHg", "mean pressure at the ostia",
           [](const Point& b) { return b.beat.aortic / unit::mmHg; });
  v.per_bed("perfusion", "mL/min/g", "mean perfusion of the layer over the beat",
            [&](const Point& b, std::size_t i) { return layer_perfusion_mL_per_min_per_g(p, b.beat.flow, i); });
  v.per_bed("venous_saturation", "%", "venous oxygen saturation",
            [](const Point& b, std::size_t i) { return b.beat.venous_saturation[i] / unit::percent; });
  v.per_bed("tissue_oxygen_tension", "mmHg", "oxygen tension farthest from the capillary",
            [](const Point& b, std::size_t i) { return b.beat.tissue_tension[i] / unit::mmHg; });
  v.per_bed("metabolic_dilation", "1", "metabolic dilation of the smallest arterioles (0 none, 1 full)",
            [](const Point& b, std::size_t i) { return b.beat.metabolic_dilation[i]; });
  v.text("status", "ok, or why the course broke off", {}, {status_name(c.transient.status)});
  if (c.transient.status != Status::ok) return;
  if (c.name == "occlusion") {
    v.scalar("flow_before", "mL/min", "flow of the artery before it was closed",
             c.hyperaemia.flow_before / unit::mL_per_min);
    v.scalar("peak", "1", "largest flow after release relative to flow before", c.hyperaemia.peak);
    v.scalar("time_to_peak", "s", "from release to the largest flow", c.hyperaemia.time_to_peak);
    v.scalar("half_decay", "s", "from the peak until half of the excess is gone", c.hyperaemia.half_decay);
    v.scalar("repayment", "1", "excess flow after release relative to the flow missed", c.hyperaemia.repayment);
  } else {
    v.scalar("half_time_dilating", "s", "half-time of the artery's conductance, dilating", c.step.half_time_dilating);
    v.scalar("half_time_constricting", "s", "half-time of the artery's conductance, constricting",
             c.step.half_time_constricting);
  }
}

// --- figure ------------------------------------------------------------------------------------------------------

constexpr std::array<const char*, network::layers> layer_words = {"subendocardium", "midwall", "subepicardium"};
constexpr std::array<int, network::layers> layer_colours = {1, 4, 2};

/// Perfusion of the artery's layers and of all of it, against `x`.
std::vector<Series> layer_curves(const RunResult& run, const std::vector<double>& x, const std::vector<PerBed>& flow,
                                 Mark mark) {
  const ArteryView v = view(run);
  std::vector<Series> all;
  for (std::size_t l = 0; l <= network::layers; ++l) {
    const bool whole = l == network::layers;
    Series s{
        .name = whole ? "all layers" : layer_words[l], .x = x, .colour = whole ? 0 : layer_colours[l], .mark = mark};
    if (!whole) s.dash = Dash::dashed;
    for (const PerBed& q : flow) s.y.push_back(whole ? v.whole(q) : v.layer(q, l));
    all.push_back(std::move(s));
  }
  return all;
}

ReferenceLine vertical(double at, std::string label) {
  return {.direction = ReferenceLine::Direction::vertical, .at = at, .label = std::move(label)};
}

void add_panels(Figure& figure, const Autoregulation& sweep, const RunResult& run) {
  if (sweep.points.empty()) return;
  const ArteryView v = view(run);
  std::vector<double> x, saturation;
  std::vector<PerBed> flow;
  for (const AutoregulationPoint& p : sweep.points) {
    PerBed none;
    none.fill(missing);
    const bool ok = p.status == Status::ok;
    x.push_back(p.pressure_mmHg);
    flow.push_back(ok ? p.flow : none);
    saturation.push_back(ok ? v.saturation_percent(p.venous_saturation, p.flow) : missing);
  }
  Panel curve{.title = fmt::format("Autoregulation, {}", artery_name(run)),
              .x = {.label = "Perfusion pressure (mmHg)"},
              .y = {.label = "Flow (mL/min/g)", .include_zero = true}};
  curve.series = layer_curves(run, x, flow, Mark::line_points);
  for (Series& s : curve.series) s.radius = 2.5;
  curve.reference_lines = {vertical(sweep.own_pressure_mmHg, "own")};
  Panel oxygen{.title = "Venous oxygen", .x = curve.x, .y = {.label = "Saturation (%)", .include_zero = true}};
  oxygen.series = {
      {.name = artery_name(run), .x = x, .y = saturation, .colour = 0, .mark = Mark::line_points, .radius = 2.5}};
  oxygen.reference_lines = curve.reference_lines;
  figure.panels.push_back(std::move(curve));
  figure.panels.push_back(std::move(oxygen));
}

void add_panels(Figure& figure, const ExerciseTest& test, const RunResult& run) {
  if (test.points.empty()) return;
  const ArteryView v = view(run);
  std::vector<double> x, load, tension, heart, saturation;
  std::vector<PerBed> flow;
  for (const ExercisePoint& p : test.points) {
    x.push_back(p.time / 60.0);
    load.push_back(p.METs);
    flow.push_back(p.bed_flow);
    tension.push_back(v.tension_mmHg(p.tissue_tension));
    heart.push_back(heart_tension_mmHg(run, p));
    saturation.push_back(v.saturation_percent(p.venous_saturation, p.bed_flow));
  }
  Panel curve{.title = fmt::format("Exercise, {}", artery_name(run)),
              .x = {.label = "Time on the treadmill (min)"},
              .y = {.label = "Flow (mL/min/g)", .include_zero = true}};
  curve.series = layer_curves(run, x, flow, Mark::line);
  const auto panel = [&](const std::string& title, const std::string& label, std::vector<Series> series) {
    return Panel{
        .title = title, .x = curve.x, .y = {.label = label, .include_zero = true}, .series = std::move(series)};
  };
  Panel effort = panel("Load", "Load (METs)", {{.name = "load", .x = x, .y = load, .colour = 6}});
  Panel oxygen = panel("Venous oxygen", "Saturation (%)", {{.name = artery_name(run), .x = x, .y = saturation}});
  Panel tissue = panel("Farthest tissue", "Lowest oxygen tension (mmHg)",
                       {{.name = artery_name(run), .x = x, .y = tension},
                        {.name = "heart", .x = x, .y = heart, .colour = 3, .dash = Dash::dotted}});
  for (Panel* p : {&curve, &effort, &oxygen, &tissue}) {
    if (test.ischaemia) p->reference_lines = {vertical(test.ischaemia_time / 60.0, "ischaemia")};
    figure.panels.push_back(std::move(*p));
  }
}

void add_panels(Figure& figure, const TimeCourse& c, const RunResult& run) {
  if (c.transient.beats.empty()) return;
  const ArteryView v = view(run);
  std::vector<double> x, saturation;
  std::vector<PerBed> flow;
  for (const TransientBeat& b : c.transient.beats) {
    x.push_back(b.time);
    flow.push_back(b.beat.flow);
    saturation.push_back(v.saturation_percent(b.beat.venous_saturation, b.beat.flow));
  }
  const std::string title = c.name == "pressure_step" ? "Step of pressure"
                            : c.name == "pacing_step" ? "Step of heart rate"
                                                      : "Occlusion";
  Panel curve{.title = fmt::format("{}, {}", title, artery_name(run)),
              .x = {.label = "Time (s)"},
              .y = {.label = "Flow (mL/min/g)", .include_zero = true}};
  curve.series = layer_curves(run, x, flow, Mark::line);
  curve.reference_lines = {vertical(c.start, "on"), vertical(c.release, "off")};
  Panel oxygen{.title = "Venous oxygen", .x = curve.x, .y = {.label = "Saturation (%)", .include_zero = true}};
  oxygen.series = {{.name = artery_name(run), .x = x, .y = saturation, .colour = 0}};
  oxygen.reference_lines = curve.reference_lines;
  figure.panels.push_back(std::move(curve));
  figure.panels.push_back(std::move(oxygen));
}

}  // namespace

std::string course_tables(const RunResult& run) {
  std::string out;
  if (run.courses.autoregulation) out += table_of(*run.courses.autoregulation, run);
  if (run.courses.exercise_ramp) out += table_of(*run.courses.exercise_ramp, run);
  for (const TimeCourse& c : run.courses.time_courses) out += table_of(c, run);
  return out;
}

void add_courses(nlohmann::ordered_json& json, const RunResult& run) {
  if (run.courses.autoregulation) json["autoregulation"] = json_of(*run.courses.autoregulation, run);
  if (run.courses.exercise_ramp) json["exercise_ramp"] = json_of(*run.courses.exercise_ramp, run);
  for (const TimeCourse& c : run.courses.time_courses) json[c.name] = json_of(c, run);
}

void add_courses(Dataset& dataset, const RunResult& run) {
  if (run.courses.autoregulation) add(dataset, *run.courses.autoregulation, run);
  if (run.courses.exercise_ramp) add(dataset, *run.courses.exercise_ramp, run);
  for (const TimeCourse& c : run.courses.time_courses) add(dataset, c, run);
}

void add_course_panels(Figure& figure, const RunResult& run) {
  if (run.courses.autoregulation) add_panels(figure, *run.courses.autoregulation, run);
  if (run.courses.exercise_ramp) add_panels(figure, *run.courses.exercise_ramp, run);
  for (const TimeCourse& c : run.courses.time_courses) add_panels(figure, c, run);
}

}  // namespace coronet::io
