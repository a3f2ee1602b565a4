/// @file
/// Standing: whether the server's folder is still the profile that this machine's base was made from. Only then does the base
/// say who changed what; a base of another past would take an old copy for a change, and its missing files for deletions.
#pragma once

#include "session/survey.hpp"

#include <string_view>

namespace roamsync {

enum class Standing {
  as_known,        ///< the base's own generation, or one that came from it
  emptied,         ///< nothing of the profile is there: not mounted, or wiped
  records_lost,    ///< the profile, but without its records, and not as the base has it
  went_elsewhere,  ///< this profile in a state that did not come from the base's: a backup that was put back
  other_profile,
};

/// The head's lineage decides. Where the head is gone or damaged, the listing does: a folder that holds what the base has is
/// as known.
Standing standing_of(const Survey& survey);

/// Lets the survey's base go where it does not count, and tells why; then both sides are compared by content.
/// Errc::server_emptied, or Errc::other_profile, where nothing must be done at all.
Result<void> settle_standing(Workspace& work, Survey& survey, std::string_view location);

}  // namespace roamsync
