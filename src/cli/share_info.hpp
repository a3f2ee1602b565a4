/// @file
/// Samba's database of share permissions, read through the tool `tdbdump` that comes with it.
#pragma once

#include <roamsync/error.hpp>

#include <string>

namespace roamsync::cli {

/// Where Samba keeps it, when this machine has one that this user may read; otherwise empty.
std::string share_info_of_this_machine();

/// What `tdbdump FILE` prints.
Result<std::string> dump_share_info(const std::string& file);

}  // namespace roamsync::cli
