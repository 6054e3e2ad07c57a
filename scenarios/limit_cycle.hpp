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

using States = std::unique_ptr<FastState[]>;  // of a recorded beat

/// What a search has found out about the beds of a limit cycle. One that goes on from there under another condition leaps
/// before its first beat.
struct Settled {
  std::array<bed::Parameters<double>, network::beds> vessels;  // with tone
  BeatMeans means;
  Response response;
};

FixedPointOptions options_of(const Numerics& numerics);
std::string work_limit(const Numerics& numerics);

/// Volumes of vessels without tone and flow; a start for the very first beat.
PatientState first_state(const network::Parameters<double>& n);

class LimitCycle {
 public:
  LimitCycle(Setup setup, const Condition& condition, const Numerics& numerics, const PatientState& from,
             std::vector<FlowTarget*> targets);

  Dialogue<FixedPointResult> find(FixedPointOptions options);

  /// One more beat from where the state is, with its means and `readings_per_beat` states, or with `samples_per_beat`.
  Dialogue<void> one_more_beat(MeansOf<double>* means, States& states);

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

 private:
  /// What the beat says: volumes at its end, and what regulation senses of it.
  struct Answer {
    std::array<std::array<double, bed::compartments>, network::beds> ln_volume{};
    BeatMeans means;
  };

  template <class Iteration> Dialogue<void> follow(Iteration& iteration);
  void begin_beat(const std::vector<double>& u, BedTangents<double>* tangents = nullptr);
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
  Drive drive_;
  BeatIntegrator beat_;
  bool leaps_;  // else unknowns are where the beat leaves them
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
