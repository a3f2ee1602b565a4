/// @file
/// The access check: what a user with given groups may do with an object ([MS-DTYP] 2.5.3.2).
///
/// Entries are read in their order, and for each bit the first entry that speaks of it for this user decides. Before them
/// come privileges and the owner: who owns the object has READ_CONTROL and WRITE_DAC without any entry, unless an entry
/// for OWNER RIGHTS (S-1-3-4) is there, which then says what the owner may do. An object without a DACL grants
/// everything, one with an empty DACL nothing. Inherit-only entries say nothing about the object they stand on.
///
/// Entries with a GUID grant nothing here, because files and shares have no parts with GUIDs; a denying one denies. Conditions
/// are not evaluated, for they ask for claims that a list of SIDs does not tell: an entry with one does not grant and does
/// deny. Mandatory integrity labels are not looked at.
///
/// Over a share two checks come one after the other. The share's list is asked first and alone: what it does not grant is
/// gone, even for the owner of the file. Then the file's own list decides about the rest.
///
/// Threads: pure functions. A Token is a value.
#pragma once

#include <roamsync/security.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace roamsync {

/// Rights that a user holds on the whole server and that need no entry.
struct Privileges {
  bool security = false;        ///< SeSecurityPrivilege: ACCESS_SYSTEM_SECURITY, which no entry can grant
  bool take_ownership = false;  ///< SeTakeOwnershipPrivilege: WRITE_OWNER
  bool backup = false;          ///< SeBackupPrivilege, used by an open that says so: reading
  bool restore = false;         ///< SeRestorePrivilege, used by an open that says so: writing, WRITE_DAC, WRITE_OWNER

  /// The bits these grant on a file, folder or share.
  AccessMask grants() const noexcept;
  friend bool operator==(const Privileges&, const Privileges&) = default;
};

/// Who asks: a user and all groups the user is in, such as Everyone and Authenticated Users.
class Token {
 public:
  explicit Token(const Sid& user, std::span<const Sid> groups = {}, const Privileges& privileges = {});

  const Sid& user() const noexcept { return sids_.front(); }
  /// The user first, then the groups as given.
  std::span<const Sid> sids() const noexcept { return sids_; }
  const Privileges& privileges() const noexcept { return privileges_; }
  bool has(const Sid& sid) const noexcept { return has(sid.bytes()); }
  /// The same for a Sid where it lies in an entry.
  bool has(std::span<const std::byte> sid_bytes) const noexcept;

 private:
  std::vector<Sid> sids_;
  std::vector<std::uint32_t> last_numbers_;  // most comparisons end here
  Privileges privileges_;
};

/// Whatever the token may do: the answer to MAXIMUM_ALLOWED.
AccessMask granted_access(const SecurityDescriptor& descriptor, const Token& token,
                          const GenericMapping& mapping = file_mapping) noexcept;

struct AccessDecision {
  bool is_granted = false;
  AccessMask granted = 0;  ///< the bits asked for that are granted; with MAXIMUM_ALLOWED whatever there is
};

/// True when every bit of `desired` is granted. MAXIMUM_ALLOWED alone asks for at least one.
AccessDecision check_access(const SecurityDescriptor& descriptor, const Token& token, AccessMask desired,
                            const GenericMapping& mapping = file_mapping) noexcept;

/// What a share lets through.
struct ShareAccess {
  AccessMask shown = access::file_all;   ///< what its list grants, as a server's MaximalAccess shows it
  AccessMask passes = access::file_all;  ///< what really comes through
};

/// From the share's descriptor. A share that is configured read-only shows rights that it then refuses.
ShareAccess share_access(const SecurityDescriptor& share, const Token& token, bool is_read_only = false) noexcept;
/// From the mask a server showed. One with WRITE_DAC and without WRITE_DATA betrays a read-only share.
ShareAccess share_access(AccessMask shown) noexcept;

/// What is left of the file's rights behind the share.
constexpr AccessMask effective_access(const ShareAccess& share, AccessMask file) noexcept {
  return share.passes & file;
}

}  // namespace roamsync
