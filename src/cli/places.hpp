/// @file
/// Places: the folders a command works on, from what was typed to stores that are open.
#pragma once

#include <roamsync/profile_folder.hpp>
#include <roamsync/session.hpp>
#include <roamsync/store.hpp>

#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace roamsync::cli {

struct PlaceOptions {
  std::string local;
  std::string server;
  std::string state;          ///< empty: the machine's own folder for this profile
  std::string password_file;  ///< for servers that want a password
};
void add_server_options(CLI::App& app, PlaceOptions& options);
void add_all_place_options(CLI::App& app, PlaceOptions& options);

/// A server's profile folder, open or not there.
struct ServerPlace {
  std::unique_ptr<Store> store;
  std::optional<AbsentServer> absent;
  std::variant<Store*, AbsentServer> endpoint() const;
};
/// Errors are of usage only; a folder that cannot be opened is an absent server, for the session to judge.
Result<ServerPlace> find_server(const std::string& url, const ProfileFolderOptions& new_folder = {});
/// For commands that work on the server alone: an absent one is an error.
Result<std::unique_ptr<Store>> open_server(const std::string& url);

struct Places {
  std::unique_ptr<Store> local;
  ServerPlace server;
  std::unique_ptr<Store> state;
  Endpoints endpoints() const { return {*local, server.endpoint(), *state}; }
};

enum class Purpose {
  log_on,   ///< a missing local folder is made, as is the state folder; both for this user alone
  log_off,  ///< the local folder must be there
  look,     ///< nothing is made: what is missing counts as empty
};
Result<Places> open_places(const PlaceOptions& options, Purpose purpose, const ProfileFolderOptions& new_folder = {});

}  // namespace roamsync::cli
