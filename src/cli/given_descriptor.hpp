/// @file
/// Descriptors, SIDs and rights as they are typed on the command line.
#pragma once

#include <roamsync/security.hpp>

#include "cli/usage_error.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace roamsync::cli {

/// `--sddl TEXT` or `--descriptor HEX`.
struct GivenDescriptor {
  std::string sddl;
  std::string hex;
  std::string prefix;  ///< "share-" of `--share-sddl`
  bool is_given() const { return !sddl.empty() || !hex.empty(); }
};

CLI::Option* add_descriptor(CLI::App& app, GivenDescriptor& given, const std::string& prefix, const std::string& whose);
/// Fails as parse_sddl and SecurityDescriptor::parse do; digits that are none are a usage error.
Result<SecurityDescriptor> descriptor_of(const GivenDescriptor& given, const std::optional<Sid>& domain);

/// SIDs or aliases with commas between; at least one.
Result<std::vector<Sid>> sids_of(const std::string& list, const std::string& option, const std::optional<Sid>& domain);

/// What stands wrong in the value of `option`, as a usage error.
template <class T>
Result<T> or_usage(Result<T> result, const std::string& option) {
  if (result) return result;
  const ErrorContext& context = result.error().context();
  return usage_error(option + ": " + context.found + " where " + context.expected + " should be");
}

}  // namespace roamsync::cli
