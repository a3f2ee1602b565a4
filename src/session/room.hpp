/// @file
/// Room: whether the target holds what a transaction brings, asked before the first byte; and what a lack of it is called.
#pragma once

#include "session/workspace.hpp"

namespace roamsync {

struct RoomNeeded {
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;  ///< files and folders that are made
};

/// Errc::no_space when the store has less room than that; says whether the disk or a quota is the limit.
Result<void> check_space(Store& target, const RoomNeeded& needed);

/// A folder that holds nothing yet gets the whole local profile: asked before anything is made in it. `there` is that folder, or the
/// one it will be made in.
Result<void> check_space_for_first(Workspace& work, Store& there);

/// True for a folder in which nothing lies, not even records.
Result<bool> is_untouched(Store& server);

/// Windows' number for it: 1600 or 1601; 0 when it is another error.
int event_for_room(const Error& error) noexcept;

}  // namespace roamsync
