/// @file
/// From a plan to the change set of a transaction, and from what it published back to trees.
#pragma once

#include "session/hive_gate.hpp"
#include "session/room.hpp"
#include "session/survey.hpp"

#include <optional>

namespace roamsync {

/// The change set of a plan whose conflicts are all decided. `hive` holds the bytes of the hive when the plan moves one.
ChangeSet changes_of(const Plan& plan, Store& source, Store& target, const std::optional<CheckedHive>& hive);

/// The file of the hive that the plan puts on the target, or null.
const Action* hive_action(const Plan& plan);

/// True when a large file is replaced, so that its page digests are worth loading.
bool wants_pages(const ChangeSet& changes);
void add_pages(ChangeSet& changes, const PageRecord& pages);

/// The target's tree after the publish.
Tree target_after(const Tree& before, const ChangeSet& changes, const Published& published);
/// The source's tree, with the stamps and digests of the files as they were read.
Tree source_after(const Tree& before, const Store& source, const std::optional<CheckedHive>& hive,
                  const ChangeSet& changes, const Published& published);

/// What the publish needs on the target at most: every staged byte and file, before anything old is gone.
RoomNeeded room_needed(const ChangeSet& changes);

}  // namespace roamsync
