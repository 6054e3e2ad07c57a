/// The limit cycle of one phase as a fixed point of the map of one beat.
///
/// Unknowns: ln V of 45 compartments and 27 relative losses of radius, bed by bed; four epicardial diameters; in real time
/// nine venous pools and oxygen debts; one knob per flow target. The search is a conversation: it asks for beats, and
/// whoever leads it integrates them, one by one or in lanes with those of other patients.
#pragma once
#include <memory>
#include <vector>

#include "scenarios/beat.hpp"
#include "scenarios/bed_response.hpp"
#include "solvers/fixed_point.hpp"

namespace coronet {

using States = std::unique_ptr<FastState[]>;  // of a beat, at equal distances

/// What a search has found out about the beds of a limit cycle. One that goes on from there under another condition leaps
/// before its first beat. Where it is `expected`, no limit cycle was found: it says how the beds of such a patient should
/// answer, so that the first beat need not tell.
struct Settled {
  std::array<bed::Parameters<double>, network::beds> vessels{};  // with tone
  BeatMeans means{};
  Response response{};
  bool expected = false;
};

FixedPointOptions options_of(const Numerics& numerics);
std::string work_limit(const Numerics& numerics);

/// Volumes of vessels without tone and flow; a start for the very first beat.
PatientState first_state(const network::Parameters<double>& n);

class LimitCycle {
 public:
  LimitCycle(Setup setup, const Condition& condition, const Numerics& numerics, const PatientState& from,
             std::vector<FlowTarget*> targets);

  /// Where `recorded` is given, it and the beat from `began()` to where the state is are those of a beat at the limit cycle:
  /// the one that showed it, if the search saw that coming, else one more.
  Dialogue<FixedPointResult> find(FixedPointOptions options, Recording* recorded = nullptr);

  /// One more beat from where the state is, with `samples_per_beat` states.
  Dialogue<void> one_more_beat(States& states);

  /// Another condition from here on; only without flow targets.
  void change(const Condition& condition);
  /// One beat of the map itself, without a search. False when the work is spent.
  bool pass_one_beat();
  /// The slow numbers where pass_one_beat() left them.
  void adopt_slow() { adopt(unknown_); }
  const CourseBeat& sensed() const { return sensed_; }

  bool exhausted() const { return beat_.exhausted(); }
  const Setup& setup() const { return setup_; }
  const Drive& drive() const { return drive_; }
  const Regulation& regulation() const { return regulation_; }
  const network::Parameters<double>& network() const { return network_; }
  PatientState& state() { return state_; }
  const BeatIntegrator& beat() const { return beat_; }  // the last one
  const FastState& began() const { return began_; }     // where it began

 private:
  /// What the beat says: volumes at its end, and what regulation senses of it.
  struct Answer {
    std::array<std::array<double, bed::compartments>, network::beds> ln_volume{};
    BeatMeans means;
  };

  template <class Iteration> Dialogue<void> follow(Iteration& iteration);
  void set_out(const std::vector<double>& u);
  Dialogue<void> pass(Recording* recording, FastState* states, BedTangents<double>* tangents, bool single = false);
  void leap_ahead(double longest);
  bool beat_alone(const std::vector<double>& u);
  void rebuild();
  void rebuild_beds();
  void narrow();
  void adopt(const std::vector<double>& u);
  void hear();
  void answer(const std::vector<double>& u, std::vector<double>& gu);
  void regulate(const std::vector<double>& u, std::vector<double>& gu, std::size_t b, double acetylcholine);
  void leap(const std::vector<double>& u, std::vector<double>& gu, std::size_t b, double acetylcholine,
            double resisting) const;
  VenousBlood pass_oxygen(std::size_t b, double flow, const std::vector<double>& u, std::vector<double>& gu) const;
  double toward(double now, double target, double dilating_speed = 1.0) const;
  double diameter_toward(double now, double target) const;

  Setup setup_;
  Condition condition_;
  Numerics numerics_;
  std::vector<FlowTarget*> targets_;
  PatientState state_;
  FastState began_{};
  Recording* recorded_ = nullptr;  // where a beat is to be recorded
  bool is_recorded_ = false;       // the last one was
  Drive drive_;
  BeatIntegrator beat_;
  bool leaps_;          // else unknowns are where the beat leaves them
  bool knows_ = false;  // how beds answer, from where the search begins
  Response response_{};
  EpicardialResistances epicardial_;
  Regulation regulation_{};
  network::Parameters<double> passive_{}, network_{};
  std::vector<double> unknown_, answered_;
  Answer heard_;
  CourseBeat sensed_;
  std::size_t pools_at_ = 0, debts_at_ = 0, knobs_at_ = 0, beats_ = 0;
};

}  // namespace coronet
