/// @file
/// How Samba keeps NT security: a descriptor in an extended attribute of each file, and a share's permissions in a
/// database of its own.
///
/// `security.NTACL` (or the name that `acl_xattr:security_acl_name` gives) holds an NDR structure of version 1 to 4: the
/// descriptor, and from version 2 a hash of the file's POSIX permissions, by which Samba notices that somebody changed them
/// behind its back (librpc/idl/xattr.idl of Samba). The hash is not checked here. Offsets in that descriptor count from
/// the first byte of the attribute.
///
/// `share_info.tdb` holds under `SECDESC/<share>` a plain self-relative descriptor; a share without one lets everybody do
/// everything. It is read through the text that the tool `tdbdump` prints.
///
/// Both readers take any bytes: every offset is checked. Threads: pure functions.
#pragma once

#include <roamsync/security.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace roamsync {

/// The names under which Samba keeps a file's descriptor; the second one where smbd does not run as root.
inline constexpr std::array<std::string_view, 2> nt_acl_attribute_names{"security.NTACL", "user.NTACL"};

struct NtAclAttribute {
  /// What the hash is of; other values may occur and are carried.
  enum class HashType : std::uint16_t { none = 0, sha256 = 1 };

  std::uint16_t version = 1;
  HashType hash_type = HashType::none;
  std::string description = {};  ///< version 4: by which module, such as `posix_acl`
  SecurityDescriptor descriptor;
};

/// Fails with Errc::bad_descriptor; the context says what should have been where.
Result<NtAclAttribute> parse_nt_acl_attribute(std::span<const std::byte> bytes);
/// Version 1, which Samba reads whatever became of the file's POSIX permissions.
std::vector<std::byte> write_nt_acl_attribute(const SecurityDescriptor& descriptor);

/// A share's descriptor in what `tdbdump share_info.tdb` prints; nothing when the share has none. Share names are compared
/// without regard to case, as Windows compares names (and Samba, whose table differs in a few rare letters). Fails with
/// Errc::bad_descriptor.
Result<std::optional<SecurityDescriptor>> find_share_descriptor(std::string_view dump, std::string_view share);

}  // namespace roamsync
