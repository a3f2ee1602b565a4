#include <roamsync/disk_store.hpp>
#include <roamsync/memory_store.hpp>
#include <roamsync/profile_owner.hpp>

#include "cli/access_options.hpp"
#include "cli/check_report.hpp"
#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/places.hpp"

#include <memory>
#include <ostream>

namespace roamsync::cli {
namespace {

struct CheckOptions {
  PlaceOptions places;
  AccessOptions access;
  bool no_owner_check = false;
};

/// The folder of the profile, or, where the first logoff has yet to make it, the one it will be made in.
struct OpenedServer {
  std::unique_ptr<Store> store;
  std::string profile;  ///< the folder of the profile, as messages name it
};

Result<OpenedServer> open_for_check(const std::string& url, bool& profile_exists) {
  BOOST_OUTCOME_TRY(ServerPlace place, find_server(url));
  profile_exists = place.store != nullptr;
  OpenedServer opened{.profile = url};
  if (place.store) {
    opened.profile = place.store->location();
    opened.store = std::move(place.store);
  } else if (place.absent->open_above) {
    BOOST_OUTCOME_TRY(opened.store, place.absent->open_above());
  } else {
    BOOST_OUTCOME_TRY(opened.store, open_server(url));
  }
  return opened;
}

// The rule of a session, which knows the user by the owner of the local profile.
Result<OwnerFinding> check_owner(const CheckOptions& options, Store& server, const AccessInquiry& inquiry,
                                 Context& context) {
  BOOST_OUTCOME_TRY(const FolderOwner owner, owner_of_folder(server, inquiry.list_use));
  if (options.no_owner_check) return OwnerFinding{.owner = owner};
  ExpectedOwner expected;
  if (options.places.local.empty()) {
    BOOST_OUTCOME_TRY(expected, expected_owner_without_profile(server, inquiry, context.host.user_name()));
  } else {
    BOOST_OUTCOME_TRY(const auto local, open_disk_store({.root = options.places.local}));
    BOOST_OUTCOME_TRY(expected, expected_owner(*local, inquiry));
  }
  return judge_owner(owner, expected, server.location());
}

Result<Status> status_of(Store& server, Context& context, std::vector<Notice>& notices) {
  const auto nothing_here = make_memory_store();
  const auto nothing_remembered = make_memory_store();
  Session session(context.host, {*nothing_here, &server, *nothing_remembered});
  SessionOptions options;
  options.stop = context.stop;
  options.on_event = [&](const Event& event) {
    if (const auto* notice = std::get_if<Notice>(&event)) notices.push_back(*notice);
  };
  return session.status(options);
}

// "grant …" cures what permissions stop, not a full disk.
std::string cure_of(const Attempt& failed) {
  const Error& error = *failed.failure;
  if (error.code() == Remedy::free_space) return cure_for_room(error);
  const bool is_refused = error.code() == Remedy::ask_an_administrator && !failed.right.empty();
  return is_refused ? "grant " + failed.right + " on that folder" : std::string();
}

std::optional<Error> first_failure(const CheckFindings& found) {
  if (found.owner.error) return found.owner.error;
  if (auto missing = found.access.error()) return missing;
  if (const Attempt* failed = found.probe.first_failure()) {
    return failed->failure->within({.step = failed->what, .path = found.server, .cure = cure_of(*failed)});
  }
  return std::nullopt;
}

Result<AccessFinding> judge_rights(bool profile_exists, const OpenedServer& opened, const AccessInquiry& inquiry,
                                   Context& context) {
  const std::string user = context.host.user_name();
  if (profile_exists) return check_store_access(*opened.store, inquiry, user);
  return check_new_folder_access(opened.store.get(), inquiry, user, opened.profile);
}

Result<CheckFindings> look(const CheckOptions& options, const AccessInquiry& inquiry, Context& context) {
  CheckFindings found{.server = options.places.server};
  BOOST_OUTCOME_TRY(const OpenedServer opened, open_for_check(found.server, found.profile_exists));
  const auto& store = opened.store;
  found.traits = store->traits();
  BOOST_OUTCOME_TRY(found.space, store->space());
  BOOST_OUTCOME_TRY(found.access, judge_rights(found.profile_exists, opened, inquiry, context));
  found.tells_access = found.access.is_file_known || found.access.is_share_known;
  if (found.profile_exists) {
    BOOST_OUTCOME_TRY(found.owner, check_owner(options, *store, inquiry, context));
    if (found.owner.error) {
      found.notices.push_back(
          {.id = event_id::wrong_owner, .level = Level::error, .text = found.owner.error->message()});
    }
    auto status = status_of(*store, context, found.notices);
    // Whoever lacks rights may not even look.
    if (!status && found.access.explanation.missing == 0) return status.error();
    if (status) found.status = std::move(status).value();
  } else {
    BOOST_OUTCOME_TRY(found.owner.owner, owner_of_folder(*store, inquiry.list_use));
  }
  found.probe = probe_store(*store, context.host);
  found.failure = first_failure(found);
  return found;
}

Result<ExitCode> run_check(const CheckOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(const AccessInquiry inquiry, access_inquiry(options.access));
  const auto found = look(options, inquiry, context);
  if (!found) {
    const ExitCode code = exit_code_of(found.error());
    if (code == usage || code == interrupted) return found.error();
    context.output.failure(found.error(), Json{{"reachable", false},
                                               {"server", options.places.server},
                                               {"missing", rights_named_by(found.error())},
                                               {"because", sentence_of(found.error())},
                                               {"cure", found.error().context().cure}});
    return code;
  }
  context.output.result(json_of(found.value()), [&](std::ostream& out) { print(out, found.value()); });
  if (found.value().failure) {
    context.output.failure(*found.value().failure);
    return exit_code_of(*found.value().failure);
  }
  if (!found.value().tells_access && !options.access.for_whom.empty()) {
    return Error(
        Errc::not_supported,
        {.step = "check the rights of " + options.access.for_whom.front(),
         .path = options.places.server,
         .found = "a file system that holds no NT security descriptors",
         .cure = "what this user may do there has been tried and stands above; ask the server for other users"});
  }
  return done;
}

void add_server_check_options(CLI::App& check, CheckOptions& options) {
  add_server_options(check, options.places);
  check
      .add_option("--local", options.places.local,
                  "The local profile, whose owner the server folder should belong to; without it that is the user of "
                  "--for, or whoever runs this")
      ->type_name("DIR")
      ->check(not_empty())
      ->group("Places");
  add_access_options(check, options.access);
  check
      .add_flag("--no-owner-check", options.no_owner_check,
                "Accept also a server folder that belongs to neither the user nor the Administrators")
      ->group("Rights");
}

}  // namespace

void add_check_command(CLI::App& app, Context& context) {
  add_command<CheckOptions>(app, "check", "Try out whether a server folder can hold the profile; leave nothing behind",
                            context, add_server_check_options, run_check);
}

}  // namespace roamsync::cli
