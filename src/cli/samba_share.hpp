/// @file
/// What Samba on this machine knows of a share: its configuration (testparm) and its permissions (share_info.tdb).
#pragma once

#include <roamsync/preflight.hpp>

#include <string>

namespace roamsync::cli {

struct SambaPlaces {
  std::string config;      ///< smb.conf; empty: Samba's own
  std::string share_info;  ///< share_info.tdb; empty: where the configuration or Samba's default has it
};

/// Fills in what is known of `inquiry.share_name`; what is not, and why, goes to its notes. Fails only where a file that was named
/// cannot be read.
Result<void> add_samba_share(const SambaPlaces& places, AccessInquiry& inquiry);

}  // namespace roamsync::cli
