/// @file
/// ProfileOwner: whether a server folder belongs to whom a profile may be kept for: its user or the Administrators. Somebody
/// else could have made the folder in advance, to keep access to what is put into it (KB327462, event 1526).
///
/// Who owns a folder is told by its NT list where it keeps one that counts (see preflight.hpp), otherwise by the file system.
/// Samba gives files of the Administrators a number of its own there, so a list that names them outweighs it; and a list that
/// names another user outweighs root.
///
/// Whose folder it should be is known by SID, as the server knows the user, or by number, as this machine does. Where an owner is
/// known only in the one way and the user only in the other they cannot be compared; then the folder's number decides, as far
/// as there is one, or nobody can tell.
///
/// Threads: pure, apart from the questions to the stores.
#pragma once

#include <roamsync/preflight.hpp>
#include <roamsync/store.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace roamsync {

struct FolderOwner {
  std::string name = {};  ///< for sentences: "alice (uid 1000)", "S-1-5-21-…"
  std::optional<Sid> in_list = {};
  std::optional<std::uint32_t> number = {};  ///< in the file system
  bool is_administrator = false;
};

/// Of the root of a store.
Result<FolderOwner> owner_of_folder(Store& store, NtListUse list_use = NtListUse::unknown);

/// Whom the folder should belong to.
struct ExpectedOwner {
  std::optional<Sid> user = {};              ///< as the server knows the user
  std::optional<std::uint32_t> number = {};  ///< as this machine does; left out where that is root
  std::string name = {};                     ///< for sentences, and compared where there are no numbers
  bool is_anybody = false;                   ///< root works for everybody: there is nothing to compare with
};

/// The user of `inquiry`, and the owner of the local profile.
Result<ExpectedOwner> expected_owner(Store& local, const AccessInquiry& inquiry);
/// Without a local profile: the user of `inquiry`, or whoever this process works as, called `this_user`.
Result<ExpectedOwner> expected_owner_without_profile(Store& server, const AccessInquiry& inquiry,
                                                     const std::string& this_user);

struct OwnerFinding {
  FolderOwner owner;
  std::optional<Error> error = {};  ///< Errc::wrong_owner
  std::string note = {};            ///< why it could not be told; empty when it could
};
OwnerFinding judge_owner(const FolderOwner& owner, const ExpectedOwner& expected, const std::string& location);

}  // namespace roamsync
