/// @file
/// Joins a store's location and a path below it into what an administrator would type.
#pragma once

#include <roamsync/path.hpp>

#include <string>

namespace roamsync {

std::string join_location(std::string location, const ProfilePath& path);

}  // namespace roamsync
