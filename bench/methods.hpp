/// Ways to pass the five beats of a case.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "bench/cohort.hpp"
#include "bench/product.hpp"
#include "bench/sets.hpp"

namespace coronet::bench {

/// A method at one setting. `fineness` orders the settings of one method.
struct Setting {
  std::string method, setting;
  double fineness = 0.0;
  /// Prepares the first `members` members; what it returns passes their five beats when called and gives their ends.
  /// Tables of forcing are made while preparing (a phase makes one for all its beats).
  std::function<std::function<const std::vector<FastState>&()>(const Case&, std::size_t members)> prepare;
  std::size_t judged = peer_members;  // members on which its error is measured
  std::size_t timed = 2;              // members on which it is timed
};

std::vector<Setting> our_settings(const Case& problem);
std::vector<Setting> explicit_lane_settings(const Case& problem);
std::vector<Setting> odeint_settings(const Case& problem);
std::vector<Setting> cvode_settings(const Case& problem);

/// Beats of the members in packs of `way`; `single` in single precision, as a search's beats far from the limit cycle.
std::function<const std::vector<FastState>&()> packs_of(const Case& problem, std::size_t members, const lanes::Way& way,
                                                        const Mesh& mesh, bool single = false);
std::function<const std::vector<FastState>&()> packs_of(const Case& problem, std::size_t members,
                                                        const ExplicitWay& way, std::size_t steps);

}  // namespace coronet::bench
