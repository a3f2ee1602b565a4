/// @file
/// Alice, whose profile it mostly is.
#pragma once

#include <roamsync/security.hpp>

namespace roamsync::testing {

inline const Sid domain(5, {21, 1, 2, 3});
inline const Sid alice = domain.account(1105);

}  // namespace roamsync::testing
