/// @file
/// Command lines of Windows' icacls that change one entry.
#pragma once

#include <roamsync/security.hpp>

#include <string>
#include <string_view>

namespace roamsync {

std::string icacls_grant(std::string_view path, const Sid& sid, AccessMask mask, std::uint8_t flags);
/// Removes every entry that denies `sid` something.
std::string icacls_remove_denial(std::string_view path, const Sid& sid);

}  // namespace roamsync
