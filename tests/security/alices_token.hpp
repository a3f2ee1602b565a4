/// @file
/// Alice as an access check sees her.
#pragma once

#include <roamsync/security_access.hpp>

#include "support/alice.hpp"

#include <array>

namespace roamsync::testing {

inline const Token user(alice, std::array{domain.account(513), sids::everyone, sids::authenticated_users, sids::users});

}  // namespace roamsync::testing
