#include "cli/places.hpp"

#include <roamsync/digest.hpp>
#include <roamsync/disk_store.hpp>
#include <roamsync/memory_store.hpp>

#include "cli/private_folder.hpp"
#include "cli/server_url.hpp"
#include "cli/usage_error.hpp"

#include <boost/filesystem/operations.hpp>

#include <algorithm>
#include <span>
#include <string_view>

namespace roamsync::cli {
namespace {

using boost::filesystem::path;

// As it is, with links followed; also of what is not there yet.
Result<path> whole_path(const std::string& text, std::string_view option) {
  if (text.empty()) return usage_error(std::string(option) + " is empty");
  boost::system::error_code failed;
  path absolute = boost::filesystem::absolute(text, failed);
  path whole = failed ? path() : boost::filesystem::weakly_canonical(absolute, failed);
  if (failed) return Error(std::error_code(failed), {.step = "open", .path = text});
  whole.remove_trailing_separator();
  return whole;
}

bool is_within(const path& inner, const path& outer) {
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

Result<void> check_apart(const path& left, std::string_view left_name, const path& right, std::string_view right_name,
                         std::string cure) {
  if (!is_within(left, right) && !is_within(right, left)) return success();
  const std::string relation = left == right ? " are the same folder" : " lie one in the other";
  return usage_error(std::string(left_name) + " (" + left.string() + ") and " + std::string(right_name) + " (" +
                         right.string() + ')' + relation,
                     std::move(cure));
}

path folder_above(path folder) {
  folder.remove_trailing_separator();
  const path above = folder.parent_path();
  return above.empty() ? path(".") : above;
}

// Root makes a folder for whoever the local profile belongs to.
Result<std::optional<DiskOwner>> owner_of_profile(Store& local) {
  BOOST_OUTCOME_TRY(const AccessFacts facts, local.access_facts(ProfilePath()));
  if (!facts.ownership) return std::optional<DiskOwner>();
  return std::optional(DiskOwner{.user = facts.ownership->owner, .group = facts.ownership->group});
}

// "alice-0f3a…": a name for people, and what tells two profiles of that name apart.
std::string name_of_state(const path& local) {
  const std::string text = local.string();
  const std::string folder = local.filename().string();
  std::string name;
  for (const char letter : folder) {
    const bool is_plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                          (letter >= '0' && letter <= '9') || letter == '.' || letter == '_' || letter == '-';
    name += is_plain ? letter : '_';
  }
  return name + '-' + digest_of(std::as_bytes(std::span(text))).text().substr(0, 16);
}

Result<path> state_folder(const PlaceOptions& options, const path& local) {
  if (!options.state.empty()) return whole_path(options.state, "--state");
  BOOST_OUTCOME_TRY(const path machine, machine_state_folder());
  return whole_path((machine / name_of_state(local)).string(), "--state");
}

// A folder that is not there, for commands that only look.
bool is_missing(const path& folder) {
  boost::system::error_code failed;
  return boost::filesystem::status(folder, failed).type() == boost::filesystem::file_not_found;
}

Result<std::unique_ptr<Store>> open_empty(const path& folder) {
  return std::unique_ptr<Store>(make_memory_store({.location = folder.string()}));
}

Result<std::unique_ptr<Store>> open_local(const path& folder, Purpose purpose) {
  if (is_missing(folder)) {
    switch (purpose) {
      case Purpose::look: return open_empty(folder);
      case Purpose::log_on: {
        BOOST_OUTCOME_TRY(make_private_folders(folder));
        break;
      }
      case Purpose::log_off:
        return Error(std::make_error_code(std::errc::no_such_file_or_directory),
                     {.step = "open the local profile",
                      .path = folder.string(),
                      .cure = "log on first, or give the folder of the profile with --local"});
    }
  }
  auto store = open_disk_store({.root = folder});
  if (!store) return store.error().within({.step = "open the local profile", .path = folder.string()});
  return store;
}

Result<std::unique_ptr<Store>> open_state(const path& folder, Purpose purpose) {
  if (purpose == Purpose::look && is_missing(folder)) return open_empty(folder);
  BOOST_OUTCOME_TRY(make_private_folders(folder));
  auto store = open_disk_store({.root = folder});
  if (!store) return store.error().within({.step = "open the state folder", .path = folder.string()});
  return store;
}

}  // namespace

void add_server_options(CLI::App& app, PlaceOptions& options) {
  constexpr auto group = "Places";
  app.add_option("--server", options.server,
                 "The profile folder on the server: a path (a mounted share), or "
                 "smb://[domain;]user@host[:port]/share/path")
      ->type_name("URL")
      ->required()
      ->group(group);
  app.add_option("--password-file", options.password_file,
                 "A file whose first line is the password for an smb:// server; ROAMSYNC_PASSWORD in the environment "
                 "serves as well")
      ->type_name("FILE")
      ->group(group);
}

void add_all_place_options(CLI::App& app, PlaceOptions& options) {
  constexpr auto group = "Places";
  app.add_option("--local", options.local, "The profile folder on this machine")
      ->type_name("DIR")
      ->required()
      ->group(group);
  add_server_options(app, options);
  app.add_option("--state", options.state,
                 "What this machine remembers of this copy of the profile; without it a folder of its own in "
                 "~/.local/state/roamsync, for root in /var/lib/roamsync")
      ->type_name("DIR")
      ->group(group);
}

std::variant<Store*, AbsentServer> ServerPlace::endpoint() const {
  if (absent) return *absent;
  return store.get();
}

Result<ServerPlace> find_server(const std::string& url, const ProfileFolderOptions& new_folder) {
  BOOST_OUTCOME_TRY(const path folder, folder_of_server(url));
  ServerPlace place;
  auto store = open_disk_store({.root = folder});
  if (store) {
    place.store = std::move(store).value();
    return place;
  }
  place.absent = AbsentServer{.location = url, .why = std::move(store).error()};
  if (place.absent->why.code() == std::errc::no_such_file_or_directory) {
    place.absent->create = [folder, new_folder] { return make_profile_folder(folder, new_folder); };
    place.absent->open_above = [folder] { return open_disk_store({.root = folder_above(folder)}); };
  }
  return place;
}

Result<std::unique_ptr<Store>> open_server(const std::string& url) {
  BOOST_OUTCOME_TRY(ServerPlace place, find_server(url));
  if (place.store) return std::move(place.store);
  const Error& why = place.absent->why;
  if (why.code() == Errc::server_unavailable || why.code() == Remedy::ask_an_administrator) {
    return why.within({.step = "open the server", .path = url});
  }
  return Error(Errc::server_unavailable, {.step = "open the server",
                                          .path = url,
                                          .expected = "a profile folder",
                                          .found = why.code().message(),
                                          .cause = why.code()});
}

Result<Places> open_places(const PlaceOptions& options, Purpose purpose, const ProfileFolderOptions& new_folder) {
  BOOST_OUTCOME_TRY(const path local, whole_path(options.local, "--local"));
  BOOST_OUTCOME_TRY(const path server_folder, folder_of_server(options.server));
  BOOST_OUTCOME_TRY(const path server, whole_path(server_folder.string(), "--server"));
  BOOST_OUTCOME_TRY(const path state, state_folder(options, local));
  BOOST_OUTCOME_TRY(check_apart(local, "--local", server, "--server", ""));
  BOOST_OUTCOME_TRY(check_apart(local, "--local", state, "the state folder", "give another one with --state DIR"));
  BOOST_OUTCOME_TRY(
      check_apart(server, "--server", state, "the state folder", "give another one with --state DIR, on this machine"));
  Places places;
  BOOST_OUTCOME_TRY(places.local, open_local(local, purpose));
  ProfileFolderOptions for_owner = new_folder;
  BOOST_OUTCOME_TRY(for_owner.owner, owner_of_profile(*places.local));
  BOOST_OUTCOME_TRY(places.server, find_server(options.server, for_owner));
  BOOST_OUTCOME_TRY(places.state, open_state(state, purpose));
  return places;
}

}  // namespace roamsync::cli
