/// @file
/// Reads what the system keeps about the rights on an open file or folder.
#pragma once

#include <roamsync/store_access.hpp>
#include <roamsync/tree.hpp>

#include <span>
#include <string>

namespace roamsync::posix {

/// `file` may be opened with O_PATH. Two or three calls where everything is allowed and no rights are kept in attributes. The
/// error number, or 0.
int read_access_facts(int file, bool is_network_mount, AccessFacts& facts);

/// Gives entries of the folder that is open as `folder` the marks of their NT lists. The error number, or 0.
int mark_access_lists(int folder, std::span<Entry> entries);

/// "alice (uid 1000)"; the number alone for a user the system has no name for.
std::string name_of_user(unsigned id);

}  // namespace roamsync::posix
