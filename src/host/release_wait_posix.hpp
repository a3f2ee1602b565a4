/// @file
/// Waiting until the last holder of some files has let go, without polling: inotify tells when a descriptor of the files
/// is closed for good, a pidfd when a holder ends.
#pragma once

#include <roamsync/host.hpp>

#include <chrono>
#include <span>
#include <stop_token>

namespace roamsync {

Result<HolderReport> wait_for_release(std::span<const boost::filesystem::path> files,
                                      std::chrono::milliseconds patience, std::stop_token stop);

}  // namespace roamsync
