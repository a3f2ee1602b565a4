/// @file
/// store_probe: what can really be done in a folder, found out by doing it with files of our own, which are gone afterwards.
#pragma once

#include <roamsync/host.hpp>
#include <roamsync/store.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace roamsync::cli {

struct Attempt {
  std::string what;              ///< "make a folder"
  std::string right;             ///< the access right it takes, in Windows' words: "ADD_SUBDIRECTORY"; may be empty
  std::optional<Error> failure;  ///< why it did not work
};

struct ProbeResult {
  std::vector<Attempt> attempts;  ///< in the order made; those that need one that failed are not made
  std::optional<bool> case_sensitive;
  std::optional<std::chrono::nanoseconds> time_resolution;
  std::optional<bool> locks_exclude;
  std::optional<std::chrono::nanoseconds> flush_time;  ///< to make one small file durable
  /// What could not be removed again; empty in any but the oddest case.
  std::vector<std::string> left_behind;

  const Attempt* first_failure() const;
};

/// Works under names that end in `temporary_suffix`: no scan takes them for part of the profile, and the next recovery
/// sweeps them should this process be killed.
ProbeResult probe_store(Store& store, Host& host);

}  // namespace roamsync::cli
