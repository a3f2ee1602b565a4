/// @file
/// Reads what the system keeps about the rights on an open file or folder.
#pragma once

#include <roamsync/store_access.hpp>

#include <string>

namespace roamsync::posix {

/// `file` may be opened with O_PATH. Two or three calls where everything is allowed and no rights are kept in attributes. The
/// error number, or 0.
int read_access_facts(int file, bool is_network_mount, AccessFacts& facts);

/// "alice (uid 1000)"; the number alone for a user the system has no name for.
std::string name_of_user(unsigned id);

}  // namespace roamsync::posix
