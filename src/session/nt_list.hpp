/// @file
/// NtList: the NT descriptor that a store keeps for a file or folder, and how far it can be believed.
#pragma once

#include <roamsync/preflight.hpp>

#include <optional>
#include <string>
#include <vector>

namespace roamsync {

struct NtList {
  std::optional<SecurityDescriptor> descriptor = {};
  std::string source = {};  ///< "security.NTACL, version 4"
  /// The attribute's name where Samba goes by the POSIX permissions as soon as they were changed behind its back: it holds a
  /// digest of them. Empty: it is believed in any case.
  std::string digested = {};
  std::vector<std::string> notes = {};
};

NtList nt_list_of(const AccessFacts& facts, NtListUse use = NtListUse::unknown);

/// True for the Administrators, the system, and root under the SID that Samba gives it.
bool is_of_administrators(const Sid& sid);

}  // namespace roamsync
