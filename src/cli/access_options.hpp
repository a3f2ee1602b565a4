/// @file
/// What is known of a user's rights from elsewhere: the share's permissions, the user's SIDs. For check, logoff and preview.
#pragma once

#include <roamsync/preflight.hpp>

#include "cli/given_descriptor.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace roamsync::cli {

struct AccessOptions {
  std::vector<std::string> for_whom;
  GivenDescriptor share;
  bool is_share_read_only = false;
  std::string share_name;
  std::string share_info;
  std::string samba_config;
};

void add_access_options(CLI::App& app, AccessOptions& options);

/// Reads Samba's database of shares where that was asked for, or where this is the file server itself and `--share` names one.
Result<AccessInquiry> access_inquiry(const AccessOptions& options);

}  // namespace roamsync::cli
