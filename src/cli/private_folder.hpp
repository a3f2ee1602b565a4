/// @file
/// Folders that nobody but this user may look into.
#pragma once

#include <roamsync/error.hpp>

#include <boost/filesystem/path.hpp>

namespace roamsync::cli {

/// Makes the missing folders of `path`, the outermost first, each for this user alone. Those that are there stay as they are.
Result<void> make_private_folders(const boost::filesystem::path& path);

/// Where this machine keeps what it remembers of profiles: /var/lib/roamsync for root, else $XDG_STATE_HOME/roamsync or
/// ~/.local/state/roamsync. A usage error where the environment names no home.
Result<boost::filesystem::path> machine_state_folder();

}  // namespace roamsync::cli
