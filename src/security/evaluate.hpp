/// @file
/// What single entries say to a token; shared by the access check and its explanation.
#pragma once

#include <roamsync/security_access.hpp>

namespace roamsync {

enum class AceEffect : std::uint8_t { none, grants, denies };

/// The bits that can stand in a granted mask; generic ones are mapped, MAXIMUM_ALLOWED is a question.
inline constexpr AccessMask grantable_by_entries = 0x00FF'FFFF;
inline constexpr AccessMask owner_implicitly_has = access::read_control | access::write_dac;

/// What `ace` does for its mask, given a token that does or does not belong to the object's owner.
AceEffect effect_of(AceView ace, const Token& token, bool is_owner) noexcept;

bool is_owner(const SecurityDescriptor& descriptor, const Token& token) noexcept;
/// True when an entry for OWNER RIGHTS takes the owner's implicit rights away.
bool limits_owner(const SecurityDescriptor& descriptor) noexcept;

/// The bits that no entry has to grant: by privilege, as owner, or because there is no DACL.
AccessMask granted_without_entries(const SecurityDescriptor& descriptor, const Token& token,
                                   const GenericMapping& mapping) noexcept;

}  // namespace roamsync
