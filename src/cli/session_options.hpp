/// @file
/// The options of logon, logoff and preview, as they are typed, and what they become.
#pragma once

#include <roamsync/session.hpp>

#include "cli/access_options.hpp"
#include "cli/context.hpp"
#include "cli/places.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace roamsync::cli {

enum class OnConflict { newest, local, server, keep_both, merge, ask };

struct TypedOptions {
  PlaceOptions places;
  OnConflict on_conflict = OnConflict::newest;
  std::vector<std::string> exclude;
  std::vector<std::string> include;
  std::uint64_t size_max_kib = 0;
  std::int64_t process_terminate_timeout_ms = 10'000;
  std::int64_t lock_timeout_ms = 30'000;
  std::int64_t slow_link_ms = 120;
  bool no_owner_check = false;
  AccessOptions access;
  bool adds_administrators = false;
  SessionOptions session;  ///< what needs no translation is typed right into it
};

void add_session_options(CLI::App& app, TypedOptions& typed);
/// Those of them that decide what belongs to the profile.
void add_filter_options(CLI::App& app, TypedOptions& typed);
/// Those of them that tell how bytes are moved.
void add_copy_options(CLI::App& app, TypedOptions& typed);
void add_lock_option(CLI::App& app, TypedOptions& typed);

/// Conflicts are put to the person at the terminal where that was asked for and somebody is there.
Result<SessionOptions> session_options(const TypedOptions& typed, Context& context);

}  // namespace roamsync::cli
