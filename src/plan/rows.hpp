/// @file
/// Rows: two trees and their base side by side, one row a name, in PathOrder.
#pragma once

#include <roamsync/plan.hpp>

#include <cstddef>
#include <limits>
#include <vector>

namespace roamsync {

inline constexpr std::size_t no_row = std::numeric_limits<std::size_t>::max();

struct Row {
  Triple triple;
  std::size_t parent = no_row;  ///< the row of the folder it stands in; none at the root
};

/// One pass over four sorted lists. No base counts for a name that only one tree of the base has, nor for one that is missing on a
/// side without a single file: such a side has not deleted everything, it is itself missing (not mounted, wiped, never there).
std::vector<Row> rows_of(const Tree& local, const Tree& server, const Base& base);

/// One past the last row that stands below `rows[head]`.
std::size_t end_of_subtree(const std::vector<Row>& rows, std::size_t head) noexcept;

/// A triple as a direction sees it.
struct View {
  View(const Triple& triple, Direction direction) noexcept
      : source(direction == Direction::logoff ? triple.local : triple.server),
        target(direction == Direction::logoff ? triple.server : triple.local),
        base_source(direction == Direction::logoff ? triple.base_local : triple.base_server),
        base_target(direction == Direction::logoff ? triple.base_server : triple.base_local) {}

  const Entry* source;
  const Entry* target;
  const Entry* base_source;
  const Entry* base_target;

  bool kinds_differ() const noexcept { return source != nullptr && target != nullptr && source->kind != target->kind; }
};

/// Shorthands of a direction.
inline const Tree& source_tree(const PlanInput& input) noexcept {
  return input.direction == Direction::logoff ? input.local : input.server;
}
inline const Tree& target_tree(const PlanInput& input) noexcept {
  return input.direction == Direction::logoff ? input.server : input.local;
}
/// The choices that take the source's version, or the target's.
constexpr Choice keep_source(Direction direction) noexcept {
  return direction == Direction::logoff ? Choice::keep_local : Choice::keep_server;
}
constexpr Choice keep_target(Direction direction) noexcept {
  return direction == Direction::logoff ? Choice::keep_server : Choice::keep_local;
}

}  // namespace roamsync
