/// @file
/// The POSIX side of a preflight: what owner, mode and list give, in the words of chmod and setfacl.
#pragma once

#include <roamsync/security_explain.hpp>
#include <roamsync/security_posix.hpp>
#include <roamsync/store_access.hpp>

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

/// Nothing where the store has no POSIX owner, or `user` is nobody that this system knows. `is_caller`: this process works
/// as the user, so that the system's own answer counts.
std::optional<PosixSide> posix_side(const AccessFacts& facts, const Sid& user, bool is_caller,
                                    const std::string& location);

}  // namespace roamsync
