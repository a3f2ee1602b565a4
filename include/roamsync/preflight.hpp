/// @file
/// Preflight: whether a profile can be carried to a server folder with its permissions, before the first byte moves, and if
/// not, which list stops it, which bit is missing, and what to change (KB Q255113: a share that granted Change, which lacks
/// WRITE_DAC, stopped roaming at logoff with "Access is denied").
///
/// Two sides are judged one after the other, as a server does: the share's permissions first and alone, then those of the file
/// system. Known of them is what is given here (a share's descriptor that an administrator read off the server) and what the
/// store keeps: the NT descriptor in Samba's attribute or that of a mounted share, POSIX owner, mode and list.
///
/// Through the share all of `access::profile_upload` is needed. On the profile's folder DELETE is not: what is in it must be
/// deletable, by DELETE_CHILD on the folder or by DELETE on its files. Where the first logoff has yet to make the folder, the one
/// above must let it be made; and once a plan is there, each folder it writes to is judged as well.
///
/// Samba's attribute counts there as long as the POSIX permissions are those it was written with: from version 2 on it holds a
/// digest of them, and once they were changed behind Samba's back Samba goes by them alone. That digest is not compared here.
/// Both are judged, as the system does too whatever the list says, and a note tells what Samba would do; version 1 is always
/// believed, and so is any where Samba was told not to look (`NtListUse::believed`).
///
/// Only what is certain counts as missing. Without `AccessInquiry::user` the groups of a directory are not known here: an entry
/// for a domain account that would grant a right is taken to be for this user, one that would deny it is not, and
/// `AccessFinding::notes` says so. What stays open the real attempt decides.
///
/// Where root works on somebody's profile the rights asked for are those of the folder's owner.
///
/// Threads: pure, apart from the questions to the store.
#pragma once

#include <roamsync/security_explain.hpp>
#include <roamsync/store.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace roamsync {

/// What Samba makes of the NT list it keeps in a file's attribute.
enum class NtListUse : std::uint8_t {
  unknown,
  unused,    ///< the share has no module that reads it (`vfs objects` without acl_xattr)
  checked,   ///< it counts while the POSIX permissions are those it was written with
  believed,  ///< whatever became of those (`acl_xattr:ignore system acls = yes`)
};

struct AccessInquiry {
  AccessMask wanted = access::profile_upload;
  /// The user, then all groups the user is in, as the server knows them; empty: whoever this process works as. Everyone,
  /// Authenticated Users, NETWORK and Users need not be named.
  std::vector<Sid> user = {};
  std::string user_name = {};  ///< for sentences
  /// Whom root works for, by number; nothing: whoever the folder belongs to.
  std::optional<std::uint32_t> works_for = {};

  /// The share in front of the folder, as far as it is known.
  std::optional<SecurityDescriptor> share = {};
  std::optional<AccessMask> share_mask = {};  ///< as a server showed it
  bool is_share_read_only = false;
  std::string share_name = "SHARE";
  std::vector<std::string> share_notes = {};  ///< what is not known of it, and why

  NtListUse list_use = NtListUse::unknown;

  bool knows_share() const noexcept { return share || share_mask || is_share_read_only; }
};

/// Which folder is judged, for what is needed there and what may be proposed.
enum class JudgedFolder : std::uint8_t {
  profile,   ///< the folder of the profile
  above,     ///< the one it is to be made in, which other users have theirs in too
  inside,    ///< one of those in the profile
  replaced,  ///< a file in one of them, or a folder, that is to be replaced or deleted
};

struct AccessFinding {
  std::string location;  ///< what was judged
  AccessMask required = 0;
  bool is_share_known = false;
  bool is_file_known = false;
  /// `share` and `file` are everything where they are not known.
  Explanation explanation;
  /// What the file side was read from: "POSIX owner and mode", "security.NTACL, version 4".
  std::vector<std::string> sources;
  /// What could not be judged, and why.
  std::vector<std::string> notes;

  /// Errc::share_lacks_write_dac or Errc::right_missing with reason and cure; nothing when no right is missing.
  std::optional<Error> error() const;
};

AccessFinding judge_access(const AccessFacts& facts, const AccessInquiry& inquiry, const std::string& location,
                           JudgedFolder folder = JudgedFolder::profile);

/// The same for the root of a store: one question to it. Where a right is missing and the inquiry gives no name, sentences
/// call the user `this_user`, or, where root asks, what the store calls the folder's owner.
Result<AccessFinding> check_store_access(Store& store, AccessInquiry inquiry, const std::string& this_user,
                                         JudgedFolder folder = JudgedFolder::profile);

/// Where the folder of the profile, `location`, has yet to be made in `above` (null: nothing is known of that): the share must
/// grant all that a profile needs, and the folder above that a folder is made in it.
Result<AccessFinding> check_new_folder_access(Store* above, const AccessInquiry& inquiry, const std::string& this_user,
                                              const std::string& location);

/// What to do about a full disk or an exhausted quota that a call met; empty for any other error.
std::string cure_for_room(const Error& error);

}  // namespace roamsync
