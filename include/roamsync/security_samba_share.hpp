/// @file
/// What Samba's configuration says of a share that matters to rights, read from what the tool `testparm -s` prints: it has resolved
/// includes, copies, the registry and synonyms, and prints what differs from Samba's defaults, among which is `read only = yes`.
///
/// Not looked at: usershares, which testparm does not list; limits for single users and machines (`SambaShare::not_judged`
/// names those that are set).
///
/// Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace roamsync {

struct SambaShare {
  bool is_read_only = true;
  bool reads_nt_lists = false;         ///< `vfs objects` has acl_xattr
  bool ignores_posix_changes = false;  ///< `acl_xattr:ignore system acls`
  /// "force user = bob": what changes rights and is not judged here.
  std::vector<std::string> not_judged = {};
};

/// Nothing when there is no such share. Names are compared without regard to case, as Windows compares names.
std::optional<SambaShare> find_samba_share(std::string_view testparm, std::string_view share);

/// Where Samba keeps share_info.tdb; empty when that is its default.
std::string state_directory_of_samba(std::string_view testparm);

}  // namespace roamsync
