/// Whom everything is measured on: patients of two studies, and the beats of their limit cycles as problems for steppers.
#pragma once
#include <string>
#include <vector>

#include "scenarios/beat.hpp"
#include "scenarios/protocol.hpp"
#include "scenarios/study.hpp"

namespace coronet::bench {

/// bench/regulated.toml.
study::Study regulated_cohort();
/// The shipped study `capillary_density`, quasi-random over its ranges instead of a grid.
study::Study capillary_cohort(std::size_t count);

PatientParameters member_of(const study::Study& study, std::size_t i);

/// Beats that are passed; the error is that of the last.
inline constexpr std::size_t beats = 5;

/// One patient's network in one phase, with the tone of its limit cycle held.
struct Member {
  network::Parameters<double> network{};
  Drive drive;
  FastState scale{};      // typical sizes of the states, for the tolerances of peers
  FastState start{};      // where the phase begins its beat
  FastState reference{};  // after five beats: RK4, several times finer than its stability asks for
};

/// The problem: five beats of `members`. `stiffness` divides all inertances, compliances and volumes (a bed's pressures
/// and resistances depend on V/V_max and V/V_ref alone): every rate of the network grows with it, while the heart and
/// the flow that a steady pressure would drive stay.
struct Case {
  std::string phase;
  double stiffness = 1.0;
  std::vector<Member> members;
  double fastest_arteries = 0.0, fastest_beds = 0.0;  // bounds of the rates, 1/s, highest member
  std::size_t stable_steps = 0;       // fewest steps of RK4 that keep the first `peer_members` stable and within 1e-4
  std::size_t reference_steps = 0;    // of RK4
  double reference_difference = 0.0;  // of the references from those of half as many steps, worst layer and member
};

/// Members on which scalar peers are judged: an easier task than ours, which is judged on all.
inline constexpr std::size_t peer_members = 4;

Case make_case(const std::string& phase, double stiffness, std::size_t members);

/// Worst relative difference of the layers' flows in the last beat.
double error_of(const Member& member, const FastState& end);

/// Passes five beats of RK4 in the widest lanes from every member's start; the worst error, NaN if one blows up.
double explicit_error(const Case& problem, std::size_t members, std::size_t steps,
                      std::vector<FastState>* ends = nullptr);

}  // namespace coronet::bench
