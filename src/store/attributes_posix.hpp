/// @file
/// Extended attributes of an open file that roam: those of the `user.` namespace, and Samba's access list.
#pragma once

#include <roamsync/store.hpp>

namespace roamsync::posix {

using ExtendedAttributes = std::vector<std::pair<std::string, std::string>>;

/// Sorted by name. The error number, or 0; a file system without extended attributes has none.
int read_extended(int file, ExtendedAttributes& out);
/// What this file system cannot hold (no support, too large) is left out; any other failure is its error number.
int write_extended(int file, const ExtendedAttributes& attributes);

}  // namespace roamsync::posix
