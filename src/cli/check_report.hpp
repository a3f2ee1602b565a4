/// @file
/// What `check` found, as JSON and for a person.
#pragma once

#include <roamsync/preflight.hpp>
#include <roamsync/profile_owner.hpp>
#include <roamsync/session.hpp>

#include "cli/json.hpp"
#include "cli/store_probe.hpp"

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace roamsync::cli {

struct CheckFindings {
  std::string server;
  bool profile_exists = true;
  StoreTraits traits;
  OwnerFinding owner;
  StoreSpace space;
  AccessFinding access;
  bool tells_access = true;  ///< the rights of the user that was asked for are known, on one side at least
  ProbeResult probe;
  std::optional<Status> status;
  std::vector<Notice> notices;  ///< such as a damaged record
  std::optional<Error> failure;
};

/// The rights an Errc::right_missing names; empty for any other error.
std::vector<std::string> rights_named_by(const Error& error);

/// The rights by name: those the lists lack, or, where they lack none, those that the attempts met.
std::vector<std::string> missing_rights(const CheckFindings& found);

Json json_of(const CheckFindings& found);
void print(std::ostream& out, const CheckFindings& found);

}  // namespace roamsync::cli
