/// @file
/// Room: whether the target holds what a transaction brings, asked before the first byte; and what a lack of it is called.
#pragma once

#include "session/workspace.hpp"

namespace roamsync {

struct RoomNeeded {
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;  ///< files and folders that are made

  RoomNeeded& operator+=(const RoomNeeded& more) noexcept {
    bytes += more.bytes;
    files += more.files;
    return *this;
  }
};

/// Of all of a profile.
RoomNeeded room_for(const Tree& profile);

/// Errc::no_space when the store has less room than that; says whether the disk or a quota is the limit.
Result<void> check_space(Store& target, const RoomNeeded& needed);

/// Asked before the first record is made on a server: a folder that holds nothing yet gets all of the local profile. Of one
/// that holds a profile already only the plan can tell. `local`: the profile; null: it is scanned for this.
Result<void> check_space_for_first(Workspace& work, Store& server, const Tree* local);

/// Windows' number for it: 1600 or 1601; 0 when it is another error.
int event_for_room(const Error& error) noexcept;

}  // namespace roamsync
