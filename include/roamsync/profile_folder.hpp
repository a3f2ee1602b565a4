/// @file
/// Makes the folder of a new profile on a server with the permissions it should have: its user owns it, the user and the
/// system have everything in it, nobody else anything [Microsoft's guide to roaming profiles; KB327462 for the owner].
///
/// POSIX: mode 0700. Whoever makes it owns it; where root does, it goes to the user, without whom Samba, which works as the
/// user, could not enter it. Where the folder above keeps NT lists in Samba's attribute the new one gets such a list too, as far
/// as this process may set it (`security.NTACL` takes root); it inherits nothing, and what is published into the profile inherits
/// from it.
#pragma once

#include <roamsync/disk_store.hpp>
#include <roamsync/security_sid.hpp>
#include <roamsync/store.hpp>

#include <boost/filesystem/path.hpp>

#include <memory>
#include <optional>

namespace roamsync {

struct ProfileFolderOptions {
  /// The user as the server knows it; without it the SID that Samba gives to users of the system (S-1-22-1-<uid>), of who owns
  /// the folder. Root is no roaming user: where that is root no list is set.
  std::optional<Sid> user = {};
  /// Who owns the local profile. Root gives the folder to them, unless `user` is another user of this system.
  std::optional<DiskOwner> owner = {};
  bool adds_administrators = false;  ///< policy AddAdminGroupToRUP
};

/// Makes and opens it. A folder that is there already is opened as it is. Errors as open_disk_store with `create`; one that cannot
/// be given to its user is not left behind.
Result<std::unique_ptr<Store>> make_profile_folder(const boost::filesystem::path& folder,
                                                   const ProfileFolderOptions& options);

}  // namespace roamsync
