/// @file
/// The POSIX side of a preflight: what owner, mode and list give, in the words of chmod and setfacl.
#pragma once

#include <roamsync/preflight.hpp>
#include <roamsync/security_posix.hpp>

#include "session/subject.hpp"

#include <optional>
#include <string>
#include <vector>

namespace roamsync {

struct PosixSide {
  AccessMask rights = 0;
  std::string source;
  std::string reason;  ///< in case a right is missing
  Cure cure;
  std::vector<std::string> notes;
};

/// Nothing where the store has no POSIX owner, or the user is nobody that this system knows. One who is known not to be the owner
/// (whom `list` names) has at most what any class but the owner's has.
std::optional<PosixSide> posix_side(const AccessFacts& facts, const Subject& subject, const SecurityDescriptor* list,
                                    const std::string& location, JudgedFolder folder);

}  // namespace roamsync
