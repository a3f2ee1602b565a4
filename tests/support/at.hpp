/// @file
/// at: a path by its text.
#pragma once

#include <roamsync/path.hpp>

#include <string_view>

namespace roamsync::testing {

inline ProfilePath at(std::string_view text) { return ProfilePath::literal(text); }

}  // namespace roamsync::testing
