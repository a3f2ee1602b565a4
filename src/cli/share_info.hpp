/// @file
/// Samba's database of share permissions, read through the tool `tdbdump` that comes with it.
#pragma once

#include <roamsync/error.hpp>

#include <string>

namespace roamsync::cli {

/// Where Samba keeps it on this machine, given its state directory (empty: the usual places); empty when there is none.
/// It need not be readable.
std::string share_info_of_this_machine(const std::string& state_directory);

/// What `tdbdump FILE` prints.
Result<std::string> dump_share_info(const std::string& file);

}  // namespace roamsync::cli
