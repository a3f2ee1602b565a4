/// @file
/// The server's tree when its generation is the base's, so that nobody has published since: looked at is only what the local
/// side has changed, for somebody may have written there without roamsync; all else is as the base has it.
#pragma once

#include <roamsync/plan.hpp>
#include <roamsync/scan.hpp>

namespace roamsync {

/// A file that was only written to here is looked at alone; a folder is listed where names came or went (another spelling of
/// the name may be in the way there), and where a file is no longer one. The root is always listed.
Result<ScanResult> scan_changed(Store& server, const Tree& local, const Base& base, ScanOptions options);

}  // namespace roamsync
