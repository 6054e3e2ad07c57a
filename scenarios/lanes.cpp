#include "scenarios/lanes.hpp"

#include <cstdlib>
#include <utility>

#include "scenarios/parameter_table.hpp"
#include "solvers/parallel.hpp"

namespace coronet::lanes {

// One file per instruction set
Way baseline_x4();
Way avx2_x4();
Way avx2_x8();
Way avx512_x8();
Way avx512_x16();

namespace {

void pass_alone(BeatRequest* const* requests, std::size_t) { pass_beat(**requests); }
void evaluate_alone(const network::Parameters<double>& parameters, const network::State<double>* states,
                    const heart::Forcing<double>* forcings, network::Snapshot<double>* snapshots, std::size_t) {
  network::evaluate(parameters, *states, *forcings, *snapshots);
}

std::string names() {
  std::string all;
  for (const Way& way : ways()) all += (all.empty() ? "" : ", ") + std::string(way.name);
  return all;
}

bool alike(const BeatRequest& a, const BeatRequest& b) {
  return a.steps == b.steps && a.single == b.single && !a.means == !b.means && !a.states == !b.states &&
         a.kept_every == b.kept_every && !a.tangents == !b.tangents;
}

/// Conversations held for one lane of a pack of floats, so that full packs can be formed although some wait for beats of
/// another kind. Three take 4 MB more and as long or 2 % longer (capillary_density, acetylcholine; the second cache is small).
constexpr std::size_t held_per_lane = 2;

}  // namespace

const std::vector<Way>& ways() {
  static const std::vector<Way> all = [] {
    std::vector<Way> w = {{"scalar", 1, 1, pass_alone, evaluate_alone}};
#ifndef __EMSCRIPTEN__  // the page's WebAssembly has no vectors; packs without them are slower than one by one
    w.push_back(baseline_x4());
#endif
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2")) {
      w.push_back(avx2_x8());
      w.push_back(avx2_x4());
    }
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw")) {
      w.push_back(avx512_x16());
      w.push_back(avx512_x8());
    }
#endif
    return w;
  }();
  return all;
}

const Way& chosen() {
  static const Way& way = []() -> const Way& {
    const char* wanted = std::getenv("CORONET_LANES");
    if (!wanted || !*wanted) return ways().back();
    for (const Way& known : ways())
      if (std::string(known.name) == wanted) return known;
    throw ParameterError("CORONET_LANES = '" + std::string(wanted) + "': this processor and program know " + names());
  }();
  return way;
}

std::string instruction_set() { return std::string(chosen().name) + " (of " + names() + ")"; }

namespace {

struct Waits {
  Dialogue<void> dialogue;
  std::size_t since;  // number of the pack before which it began
  BeatRequest& request() { return dialogue.request(); }
};
using Waiting = std::vector<Waits>;  // the one who has waited longest first

/// Packs that may overtake somebody before his own goes as it is. Rare beats (finer meshes, the ends of searches) would wait
/// for as many alike, and a sweep keeps in memory what was begun with them: 10^6 quasi-random samples took 69 MB.
constexpr std::size_t patience = 200;

/// Takes the first full pack of requests alike out of `waiting`; without one the fullest. Number `now`.
void take_pack(Waiting& waiting, const Way& way, std::size_t now, std::vector<Dialogue<void>>& pack) {
  std::size_t kind = 0;
  double most = now - waiting[0].since > patience ? 1.0 : 0.0;
  for (std::size_t i = 0; i < waiting.size() && most < 1.0; ++i) {
    std::size_t count = 0;
    for (Waits& other : waiting) count += alike(other.request(), waiting[i].request());
    const double full = static_cast<double>(count) / static_cast<double>(way.width_for(waiting[i].request()));
    if (full > most) most = full, kind = i;
  }
  const BeatRequest like = waiting[kind].request();
  const std::size_t width = way.width_for(like);
  pack.clear();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (pack.size() < width && alike(waiting[i].request(), like)) {
      pack.push_back(std::move(waiting[i].dialogue));
    } else {
      if (kept != i) waiting[kept] = std::move(waiting[i]);
      ++kept;
    }
  }
  waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(kept), waiting.end());
}

}  // namespace

void lead_all(std::size_t count, int threads, const Way& way, const std::function<Dialogue<void>(std::size_t)>& begin,
              const std::function<void(std::size_t)>& progress, const std::function<bool(std::size_t)>& allowed) {
  const std::size_t room = way.width > 1 ? held_per_lane * way.single_width : 1;
  parallel_deal(
      count, threads,
      [&](const std::function<std::size_t()>& next, const std::function<void()>& done) {
        Waiting waiting;
        std::vector<Dialogue<void>> pack;
        std::vector<BeatRequest*> requests;
        std::size_t packs = 0;
        const auto go_on = [&](Dialogue<void> dialogue) {
          dialogue.proceed();
          if (dialogue.waits()) return waiting.push_back({std::move(dialogue), packs});
          dialogue.result();  // rethrows
          done();
        };
        for (bool more = true;;) {
          while (more && waiting.size() < room) {
            const std::size_t i = next();
            more = i < count;
            if (more) go_on(begin(i));
          }
          if (waiting.empty()) return;
          take_pack(waiting, way, packs++, pack);
          requests.clear();
          for (Dialogue<void>& member : pack) requests.push_back(&member.request());
          if (requests.size() == 1)
            pass_beat(*requests[0]);  // cheaper than a pack of which one lane counts
          else
            way.pass(requests.data(), requests.size());
          for (Dialogue<void>& member : pack) go_on(std::move(member));
        }
      },
      progress, allowed);
}

}  // namespace coronet::lanes
