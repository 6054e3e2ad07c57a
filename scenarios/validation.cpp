#include "scenarios/validation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <stdexcept>

#include "model/arteriolar_tone.hpp"
#include "scenarios/autoregulation.hpp"
#include "scenarios/bed_readings.hpp"
#include "scenarios/exercise.hpp"
#include "scenarios/indices.hpp"
#include "scenarios/parameter_table.hpp"
#include "scenarios/phase.hpp"
#include "solvers/integrate.hpp"

namespace coronet::validation {
namespace {

using network::bed_of, network::segment_of;

const Condition no_synthase_blocked{.name = "no_synthase_blocked", .nitric_oxide_blockade = 1.0};

const Condition* named_condition(const std::string& name) {
  for (const Condition* c : {&rest, &adenosine_iv, &adenosine_ic, &no_synthase_blocked})
    if (c->name == name) return c;
  return nullptr;
}

/// A solved phase of a patient.
struct Solved {
  const Patient* patient;
  PhaseResult phase;
  PatientState state;  // where it ended
  PhaseReadings read(std::size_t artery) const { return read_phase(*patient, phase, artery); }
};

/// Patients and phases, each solved once. What a phase starts from does not depend on which rows are asked.
class Laboratory {
 public:
  explicit Laboratory(const Catalogue& catalogue) : catalogue_(catalogue) {}

  const Patient& patient(const std::string& name) {
    const auto found = patients_.find(name);
    if (found != patients_.end()) return *found->second;
    return anchored(name, parameters(name));
  }

  const PatientParameters& parameters(const std::string& name) const {
    for (const Subject& s : catalogue_.subjects)
      if (s.name == name) return s.parameters;
    throw std::logic_error("no subject '" + name + "'");
  }

  const Solved& solve(const Question& q) {
    if (std::isfinite(q.METs)) return solve(q.subject, exercise_at(patient(q.subject), q.METs), q.perfusion_mmHg);
    Condition c = *named_condition(q.condition);
    c.demand_factor = q.demand_factor;
    if (std::isfinite(q.heart_rate_bpm))
      c.heart_rate_rise = (q.heart_rate_bpm - parameters(q.subject).heart.heart_rate_bpm) / 60.0;
    return solve(q.subject, c, q.perfusion_mmHg);
  }

  const Solved& solve(const std::string& subject, Condition condition, double perfusion_mmHg = absent) {
    const std::string key = subject + " " + condition.name + " demand " + number_text(condition.demand_factor) +
                            " rate " + number_text(condition.heart_rate_rise) + " pressure " +
                            (std::isfinite(perfusion_mmHg) ? number_text(perfusion_mmHg) : "aortic");
    const auto found = phases_.find(key);
    if (found != phases_.end()) return *found->second;
    const Patient& who = patient(subject);
    auto solved = std::make_unique<Solved>(Solved{&who, {}, who.start});
    if (std::isfinite(perfusion_mmHg)) {
      const Solved& before = solve(subject, condition);
      solved->state = before.state;
      condition = at_perfusion_pressure(condition, perfusion_mmHg, before.phase.mean.aortic);
    }
    solved->phase = solve_from(who, condition, {}, solved->state);
    if (solved->phase.status != Status::ok) throw NoSolution(key + ": " + solved->phase.failure);
    return *phases_.emplace(key, std::move(solved)).first->second;
  }

  /// `subject` with a lesion of this reduction; named like nobody in the catalogue.
  std::string with_lesion(const std::string& subject, double diameter_reduction_percent) {
    const std::string name = subject + " with " + number_text(diameter_reduction_percent) + " %";
    if (patients_.count(name)) return name;
    PatientParameters p = parameters(subject);
    p.lesion.diameter_reduction_percent = diameter_reduction_percent;
    patients_[name] = std::make_unique<Patient>(with_parameters(patient(subject), p));
    return name;
  }

 private:
  const Patient& anchored(const std::string& name, const PatientParameters& p) {
    auto made = std::make_unique<Patient>(make_patient(p));
    if (made->status != Status::ok) throw NoSolution(name + ": " + made->failure);
    return *patients_.emplace(name, std::move(made)).first->second;
  }

  const Catalogue& catalogue_;
  std::map<std::string, std::unique_ptr<Patient>> patients_;
  std::map<std::string, std::unique_ptr<Solved>> phases_;
};

// --- measures ----------------------------------------------------------------------------------------------------

Question at_rest(Question q) {
  q.condition = rest.name;
  q.demand_factor = 1.0;
  q.heart_rate_bpm = q.perfusion_mmHg = q.METs = absent;
  return q;
}
Question in_health(Question q) {
  q.subject = "healthy";
  return q;
}

double layer_flow(const Solved& s, const Question& q) { return s.phase.mean.flow[bed_of(q.artery, q.layer)]; }
double mean_flow(const Solved& s, std::size_t artery) { return territory_flow(s.phase.mean.flow, artery); }

/// Volume that enters the left main before the aortic valve closes, in percent of what enters after it.
double systolic_inflow_percent(const Solved& s) {
  const ArteryReadings& arteries = s.phase.arteries;
  const double systole = arteries.volume_until(network::left_main, s.phase.heart.closure);
  return 100.0 * systole / (arteries.volume_until(network::left_main, s.phase.heart.period) - systole);
}

/// Mean pressure where vessels of this diameter lie, between the middles of the classes by ln D; mean over the layers.
double pressure_at(const Solved& s, const Question& q) {
  std::size_t k = 0;
  while (k + 1 < bed::capillary && vessel_classes[k + 1].diameter_um > q.diameter_um) ++k;
  const double x = std::log(vessel_classes[k].diameter_um / q.diameter_um) /
                   std::log(vessel_classes[k].diameter_um / vessel_classes[k + 1].diameter_um);
  double sum = 0.0;
  for (std::size_t l = 0; l < network::layers; ++l) {
    const auto& P = s.phase.mean.pressure[bed_of(q.artery, l)];
    sum += P[k] + x * (P[k + 1] - P[k]);
  }
  return sum / network::layers / unit::mmHg;
}

/// Largest deviation of D/D(100 mmHg) from a measured curve; muscle fully active, or passive.
double worst_deviation(const Question& q, double strength) {
  const tone::Order& o = tone::orders[q.order];
  double worst = 0.0;
  for (std::size_t i = 0; i < q.pressure_mmHg.size(); ++i) {
    const double P = q.pressure_mmHg[i] * unit::mmHg;
    const double R = tone::passive_radius(o, P) - strength * tone::myogenic_loss(o, P);
    worst = std::max(worst, std::fabs(R / tone::passive_radius(o, 100.0 * unit::mmHg) - q.relative_diameter[i]));
  }
  return worst;
}

/// Diameter reduction at which flow has fallen by a twentieth, found to 0.1 %.
double onset_percent(Laboratory& lab, const Question& q) {
  const Condition& c = *named_condition(q.condition);
  const auto flow = [&](double reduction) {
    return mean_flow(lab.solve(lab.with_lesion(q.subject, reduction), c), q.artery);
  };
  const double open = flow(0.0);
  double low = 0.0, high = 96.0;
  while (high - low > 0.1) {
    const double middle = 0.5 * (low + high);
    (flow(middle) > 0.95 * open ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// Flow of the beds with the heart stopped in diastole: tone as in `s`, steady pressure at the ostia.
std::array<double, network::beds> arrested_flow(const Solved& s, double pressure) {
  const HeartParameters& h = s.patient->parameters.heart;
  const heart::Forcing<double> f{.aortic = pressure,
                                 .left_ventricular = h.lv_end_diastolic_mmHg * unit::mmHg,
                                 .right_ventricular = h.rv_end_diastolic_mmHg * unit::mmHg,
                                 .right_atrial = h.right_atrial_mmHg * unit::mmHg,
                                 .activation = 0.0,
                                 .peak_left_ventricular = 0.0};
  network::State<double> x = s.state.fast;
  network::Snapshot<double> now;
  network::evaluate(s.phase.network, x, f, now);
  auto system = [&](const network::State<double>& y, network::State<double>& dydt, double) {
    network::evaluate(s.phase.network, y, f, now);
    dydt = now.rate;
  };
  constexpr double piece = 1.0, longest = 60.0;  // s
  for (double t = 0.0; t < longest; t += piece) {
    const double fastest = 1.5 * network::fastest_rate(s.phase.network, x, now);
    integrate_fixed(system, x, piece, static_cast<std::size_t>(fastest * piece / rk4_stability_limit) + 1,
                    NoObserver{});
    network::evaluate(s.phase.network, x, f, now);
    double unsteady = 0.0;
    for (const auto& b : now.bed) unsteady = std::max(unsteady, std::fabs(b.flow[0] / b.flow[bed::compartments] - 1.0));
    if (!std::isfinite(unsteady)) break;
    if (unsteady > 1e-6) continue;
    std::array<double, network::beds> flow{};
    for (std::size_t b = 0; b < network::beds; ++b) flow[b] = now.bed[b].flow[0];
    return flow;
  }
  throw NoSolution("arrested heart: flow does not become steady");
}

/// Pressure at which a straight line through flow at 60 … 100 mmHg meets zero flow (least squares), mmHg.
double zero_flow_pressure_mmHg(const std::function<double(double)>& flow_at_mmHg) {
  double n = 0.0, sum_p = 0.0, sum_q = 0.0, sum_pp = 0.0, sum_pq = 0.0;
  for (double P = 60.0; P <= 100.0; P += 10.0) {
    const double Q = flow_at_mmHg(P);
    n += 1.0, sum_p += P, sum_q += Q, sum_pp += P * P, sum_pq += P * Q;
  }
  const double slope = (n * sum_pq - sum_p * sum_q) / (n * sum_pp - sum_p * sum_p);
  return (sum_p - sum_q / slope) / n;
}

double capillary_resistance(const Solved& s, std::size_t artery) {
  double conductance = 0.0;
  for (std::size_t l = 0; l < network::layers; ++l) {
    const std::size_t b = bed_of(artery, l);
    conductance += s.phase.mean.flow[b] / s.phase.mean.viscous_loss[b][bed::capillary];
  }
  return 1.0 / conductance;
}

/// Blood in a territory per 100 g: a compartment, or all of them; small arteries include the epicardial ones.
double volume_mL_per_100g(const Solved& s, std::size_t artery, std::size_t from, std::size_t to) {
  const PatientParameters& p = s.patient->parameters;
  double volume = 0.0;
  for (std::size_t l = 0; l < network::layers; ++l)
    for (std::size_t k = from; k <= to; ++k) volume += s.phase.mean.volume[bed_of(artery, l)][k];
  if (from == bed::small_artery)
    for (std::size_t i = 0; i < network::positions; ++i) {
      const auto g = segment_geometry(p, segment_of(artery, i));
      volume += 0.25 * stenosis::pi * g.diameter * g.diameter * g.length * g.branches;
    }
  return volume / unit::mL / (3.0 * layer_mass(p, artery) / unit::gram) * 100.0;
}

using Measure = double (*)(Laboratory&, const Question&);

const std::vector<std::pair<std::string, Measure>>& measures() {
  using L = Laboratory;
  using Q = const Question&;
  static const std::vector<std::pair<std::string, Measure>> all = {
      // layers and phases of the beat
      {"endo_epi", [](L& l, Q q) { return l.solve(q).read(q.artery).endo_epi_ratio[q.artery]; }},
      {"layer_reserve", [](L& l, Q q) { return layer_flow(l.solve(q), q) / layer_flow(l.solve(at_rest(q)), q); }},
      {"dsvr", [](L& l, Q q) { return l.solve(q).read(q.artery).dsvr[q.artery]; }},
      {"dsvr_against_healthy",
       [](L& l, Q q) {
         return l.solve(q).read(q.artery).dsvr[q.artery] / l.solve(in_health(q)).read(q.artery).dsvr[q.artery];
       }},
      {"systolic_inflow_percent", [](L& l, Q q) { return systolic_inflow_percent(l.solve(q)); }},
      // flow, velocity and what is made of them
      {"flow_mL_per_min", [](L& l, Q q) { return l.solve(q).read(q.artery).flow_mL_per_min[q.artery]; }},
      {"flow_total_mL_per_min", [](L& l, Q q) { return l.solve(q).read(q.artery).flow_total_mL_per_min; }},
      {"perfusion_mL_per_min_per_g",
       [](L& l, Q q) { return l.solve(q).read(q.artery).perfusion_mL_per_min_per_g[q.artery]; }},
      {"velocity_cm_per_s", [](L& l, Q q) { return l.solve(q).read(q.artery).average_peak_velocity_cm_per_s; }},
      {"velocity_against_healthy",
       [](L& l, Q q) {
         return l.solve(q).read(q.artery).average_peak_velocity_cm_per_s /
                l.solve(in_health(q)).read(q.artery).average_peak_velocity_cm_per_s;
       }},
      {"pressure_per_velocity_mmHg_s_per_cm",
       [](L& l, Q q) {
         const PhaseReadings r = l.solve(q).read(q.artery);
         return r.distal_pressure_mmHg / r.average_peak_velocity_cm_per_s;
       }},
      {"cfr", [](L& l, Q q) { return mean_flow(l.solve(q), q.artery) / mean_flow(l.solve(at_rest(q)), q.artery); }},
      {"mrr",
       [](L& l, Q q) { return make_indices(l.solve(at_rest(q)).read(q.artery), l.solve(q).read(q.artery)).mrr; }},
      {"epicardial_resistance_WU",
       [](L& l, Q q) {
         const PhaseReadings r = l.solve(q).read(q.artery);
         return 1000.0 * (r.aortic_pressure_mmHg - r.distal_pressure_mmHg) / r.flow_mL_per_min[q.artery];
       }},
      {"microvascular_resistance_WU", [](L& l, Q q) { return l.solve(q).read(q.artery).microvascular_resistance_WU; }},
      {"flow_change_by_lesion_percent",
       [](L& l, Q q) {
         const double open = mean_flow(l.solve(l.with_lesion(q.subject, 0.0), *named_condition(q.condition)), q.artery);
         return 100.0 * (mean_flow(l.solve(q), q.artery) / open - 1.0);
       }},
      {"lesion_onset_percent", [](L& l, Q q) { return onset_percent(l, q); }},
      {"autoregulation_gain",
       [](L& l, Q q) {
         Question to = q;
         to.perfusion_mmHg = q.perfusion_to_mmHg;
         return autoregulation_gain(q.perfusion_mmHg, mean_flow(l.solve(q), q.artery), q.perfusion_to_mmHg,
                                    mean_flow(l.solve(to), q.artery));
       }},
      {"venous_saturation_percent", [](L& l, Q q) { return l.solve(q).read(q.artery).venous_saturation_percent; }},
      // vessels
      {"myogenic_deviation", [](L&, Q q) { return worst_deviation(q, 1.0); }},
      {"passive_deviation", [](L&, Q q) { return worst_deviation(q, 0.0); }},
      {"diameter_change_percent",
       [](L& l, Q q) {
         const auto volume = [&](Q c) {
           return l.solve(c).phase.mean.volume[bed_of(q.artery, q.layer)][q.compartment];
         };
         return 100.0 * (std::sqrt(volume(q) / volume(at_rest(q))) - 1.0);
       }},
      // pressure and resistance along the tree
      {"pressure_mmHg", [](L& l, Q q) { return pressure_at(l.solve(q), q); }},
      {"capillary_pressure_mmHg", [](L& l, Q q) { return l.solve(q).read(q.artery).pressure_capillary_mmHg; }},
      {"share_of_arteries_percent",
       [](L& l, Q q) {
         const PhaseReadings r = l.solve(q).read(q.artery);
         return 100.0 * (r.epicardial_share + r.share[bed::small_artery]);
       }},
      {"share_of_microvessels_percent",
       [](L& l, Q q) {
         const PhaseReadings r = l.solve(q).read(q.artery);
         return 100.0 * (r.share[bed::arteriole] + r.share[bed::terminal_arteriole] + r.share[bed::capillary]);
       }},
      {"share_of_veins_percent", [](L& l, Q q) { return 100.0 * l.solve(q).read(q.artery).share[bed::vein]; }},
      {"zero_flow_pressure_mmHg",
       [](L& l, Q q) {
         return zero_flow_pressure_mmHg([&](double P) {
           Question at = q;
           at.perfusion_mmHg = P;
           return layer_flow(l.solve(at), q);
         });
       }},
      {"zero_flow_pressure_stopped_mmHg",
       [](L& l, Q q) {
         const Solved& s = l.solve(q);
         return zero_flow_pressure_mmHg(
             [&](double P) { return arrested_flow(s, P * unit::mmHg)[bed_of(q.artery, q.layer)]; });
       }},
      {"flow_lost_to_contraction_percent",
       [](L& l, Q q) {
         const Solved& s = l.solve(q);
         return 100.0 * (1.0 - layer_flow(s, q) / arrested_flow(s, s.phase.mean.aortic)[bed_of(q.artery, q.layer)]);
       }},
      // blood volume
      {"blood_volume_rise_percent",
       [](L& l, Q q) {
         return 100.0 * (l.solve(q).read(q.artery).blood_volume_mL_per_100g /
                             l.solve(at_rest(q)).read(q.artery).blood_volume_mL_per_100g -
                         1.0);
       }},
      {"blood_volume_against_healthy",
       [](L& l, Q q) {
         return l.solve(q).read(q.artery).blood_volume_mL_per_100g /
                l.solve(in_health(q)).read(q.artery).blood_volume_mL_per_100g;
       }},
      {"capillary_resistance_against_healthy",
       [](L& l, Q q) {
         return capillary_resistance(l.solve(q), q.artery) / capillary_resistance(l.solve(in_health(q)), q.artery);
       }},
      {"volume_share_percent",
       [](L& l, Q q) {
         const Solved& s = l.solve(q);
         return 100.0 * volume_mL_per_100g(s, q.artery, q.compartment, q.compartment) /
                volume_mL_per_100g(s, q.artery, bed::small_artery, bed::vein);
       }},
      {"volume_arteries_percent",
       [](L& l, Q q) {
         const Solved& s = l.solve(q);
         return 100.0 * volume_mL_per_100g(s, q.artery, bed::small_artery, bed::small_artery) /
                volume_mL_per_100g(s, q.artery, bed::small_artery, bed::vein);
       }},
      {"volume_mL_per_100g",
       [](L& l, Q q) { return volume_mL_per_100g(l.solve(q), q.artery, bed::small_artery, bed::vein); }},
  };
  return all;
}

Measure find_measure(const std::string& name) {
  for (const auto& [known, measure] : measures())
    if (known == name) return measure;
  throw std::logic_error("no measure '" + name + "'");
}

bool asked(const std::string& id, const std::string& only) {
  return only.empty() || id == only || id.rfind(only + ".", 0) == 0;
}

void add(Count& count, bool pass) {
  ++count.computed;
  count.passed += pass;
}

}  // namespace

const std::vector<std::string>& measure_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [name, measure] : measures()) all.push_back(name);
    return all;
  }();
  return names;
}

const std::vector<std::string>& condition_names() {
  static const std::vector<std::string> names = {rest.name, adenosine_iv.name, adenosine_ic.name,
                                                 no_synthase_blocked.name};
  return names;
}

Result run(const Catalogue& catalogue, const std::string& only,
           const std::function<void(std::size_t, std::size_t)>& progress) {
  Laboratory lab(catalogue);
  Result result;
  for (const Benchmark& b : catalogue.benchmarks)
    if (asked(b.id, only)) result.rows.push_back({.benchmark = b, .failure = ""});
  std::size_t done = 0;
  for (Row& row : result.rows) {
    const Benchmark& b = row.benchmark;
    try {
      row.ours = find_measure(b.question.measure)(lab, b.question);
      if (!std::isfinite(row.ours)) row.failure = "the result is not finite";
    } catch (const NoSolution& e) {
      row.failure = e.what();
    }
    if (progress) progress(++done, result.rows.size());
    if (!row.failure.empty()) continue;
    row.z = (row.ours - b.published) / b.sd;  // NaN without SD
    row.pass = b.low <= row.ours && row.ours <= b.high;
    if (b.role == Role::calibration) {
      add(result.calibration, row.pass);
    } else {
      add(result.all, row.pass);
      if (b.species == "human") add(result.human, row.pass);
    }
  }
  return result;
}

}  // namespace coronet::validation
