/// @file
/// The folder on the way to a store's root that does not let this process through.
#pragma once

#include <roamsync/error.hpp>

#include <boost/filesystem/path.hpp>

#include <optional>

namespace roamsync::posix {

/// Errc::right_missing for the first folder above `path`, which is absolute, that may not be traversed: which one, whose it is, and
/// the command that opens it. Nothing when all let this process through.
std::optional<Error> find_closed_folder(const boost::filesystem::path& path);

}  // namespace roamsync::posix
