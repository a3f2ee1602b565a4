/// @file
/// Fates: what was settled about each row, and the actions that come of it, in the order they are done.
#pragma once

#include "plan/obstacles.hpp"
#include "plan/rows.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace roamsync {

/// What is done about one row.
enum class Deed : std::uint8_t {
  none,
  put,     ///< the source's comes, in place of what is there
  beside,  ///< the source's comes under another name
  keep_both,
  remove,
  remove_if_emptied,
  merge,
  open,
};

struct Fate {
  Deed deed = Deed::none;
  bool loser_to_history = false;
  std::string reason = {};
  bool keeps_target_access = false;
};

/// Folders outermost first, files in PathOrder, deletions innermost first, the hive last. `fates` has one for each row.
std::vector<Action> actions_of(const PlanInput& input, const std::vector<Row>& rows, const std::vector<Fate>& fates,
                               const Obstacles& source_obstacles, const Obstacles& target_obstacles);

}  // namespace roamsync
