/// @file
/// Preflight: whether a profile can be carried to a server folder with its permissions, before the first byte moves, and if
/// not, which list stops it, which bit is missing, and what to change (KB Q255113: a share that granted Change, which lacks
/// WRITE_DAC, stopped roaming at logoff with "Access is denied").
///
/// Two sides are judged one after the other, as a server does: the share's permissions first and alone, then those of the file
/// system. Known of them is what is given here (a share's descriptor that an administrator read off the server) and what the
/// store keeps: the NT descriptor in Samba's attribute or that of a mounted share, POSIX owner, mode and list.
///
/// Only what is certain counts as missing. Without `AccessInquiry::user` the groups of a directory are not known here: an entry
/// for a domain account that would grant a right is taken to be for this user, one that would deny it is not, and
/// `AccessFinding::notes` says so. What stays open the real attempt decides.
///
/// Where root works on somebody's profile the rights asked for are those of the folder's owner.
///
/// Threads: pure, apart from the one question to the store.
#pragma once

#include <roamsync/security_explain.hpp>
#include <roamsync/store.hpp>

#include <optional>
#include <string>
#include <vector>

namespace roamsync {

struct AccessInquiry {
  AccessMask wanted = access::profile_upload;
  /// The user, then all groups the user is in, as the server knows them; empty: whoever this process works as. Everyone,
  /// Authenticated Users, NETWORK and Users need not be named.
  std::vector<Sid> user = {};
  std::string user_name = {};  ///< for sentences
  /// The share in front of the folder, as far as it is known.
  std::optional<SecurityDescriptor> share = {};
  std::optional<AccessMask> share_mask = {};  ///< as a server showed it
  bool is_share_read_only = false;
  std::string share_name = "SHARE";

  bool knows_share() const noexcept { return share || share_mask || is_share_read_only; }
};

struct AccessFinding {
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
  std::optional<Error> error(const std::string& location) const;
};

AccessFinding judge_access(const AccessFacts& facts, const AccessInquiry& inquiry, const std::string& location);

/// The same for the root of a store: one question to it. Where a right is missing and the inquiry gives no name, sentences
/// call the user `this_user`, or, where root asks, what the store calls the folder's owner.
Result<AccessFinding> check_store_access(Store& store, AccessInquiry inquiry, const std::string& this_user);

}  // namespace roamsync
