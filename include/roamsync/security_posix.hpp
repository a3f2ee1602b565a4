/// @file
/// POSIX permissions, judged as the system judges them, and what they amount to in NT rights.
///
/// Of owner, named users, groups and others the first class that a user belongs to decides, and the later ones are not
/// asked: an owner without `w` may not write even where everybody may. In a list (POSIX.1e, attribute
/// `system.posix_acl_access`) the mask limits all but the owner and the others.
///
/// There is no exact translation to NT rights. Here it serves one question, whether a profile can be kept in a folder:
/// - everybody who can reach the folder has READ_ATTRIBUTES, READ_CONTROL and SYNCHRONIZE;
/// - `r` is LIST_DIRECTORY and READ_EA, `x` is TRAVERSE;
/// - `w` and `x` together are all that is needed to make, replace and delete files in it, and since whatever a user makes is
///   the user's own, also WRITE_ATTRIBUTES and WRITE_DAC; a sticky folder of somebody else is not told apart;
/// - the owner has WRITE_ATTRIBUTES and WRITE_DAC without any of them; WRITE_OWNER has root alone.
///
/// Threads: pure functions.
#pragma once

#include <roamsync/security_access.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace roamsync {

namespace posix_bit {
inline constexpr unsigned execute = 1;
inline constexpr unsigned write = 2;
inline constexpr unsigned read = 4;
inline constexpr unsigned all = 7;
}  // namespace posix_bit

struct PosixAclEntry {
  enum class Tag : std::uint16_t {
    owner = 0x01,
    user = 0x02,
    owning_group = 0x04,
    group = 0x08,
    mask = 0x10,
    other = 0x20,
  };
  Tag tag = Tag::owner;
  unsigned bits = 0;     ///< of `posix_bit::`
  std::uint32_t id = 0;  ///< of named users and groups
  friend bool operator==(const PosixAclEntry&, const PosixAclEntry&) = default;
};

/// The attribute `system.posix_acl_access`. Fails with Errc::bad_descriptor.
Result<std::vector<PosixAclEntry>> parse_posix_acl(std::span<const std::byte> bytes);

struct PosixObject {
  std::uint32_t owner = 0;
  std::uint32_t group = 0;
  unsigned mode = 0;  ///< the lower nine bits count
  std::vector<PosixAclEntry> acl = {};
};

struct PosixUser {
  std::uint32_t id = 0;
  std::vector<std::uint32_t> groups = {};
};

/// Which class decided, and what it gives.
struct PosixVerdict {
  unsigned bits = 0;
  PosixAclEntry::Tag decided_by = PosixAclEntry::Tag::other;
  std::uint32_t id = 0;     ///< the user or group of that class
  unsigned masked_out = 0;  ///< what its entry gives and the mask takes
};

/// Of a user without privileges.
PosixVerdict judge_posix(const PosixObject& object, const PosixUser& user);

/// See the top of this file. Root is `overrides`.
AccessMask rights_of_posix(unsigned bits, bool is_owner, bool overrides = false) noexcept;

/// `S-1-22-1-<uid>` and `S-1-22-2-<gid>`, under which Samba knows users and groups it has no other SID for.
constexpr Sid sid_of_posix_user(std::uint32_t id) noexcept { return Sid(22, {1, id}); }
constexpr Sid sid_of_posix_group(std::uint32_t id) noexcept { return Sid(22, {2, id}); }
/// The number in such a SID; nothing in any other.
std::optional<std::uint32_t> posix_user_of(const Sid& sid) noexcept;
std::optional<std::uint32_t> posix_group_of(const Sid& sid) noexcept;

}  // namespace roamsync
