#include <roamsync/disk_store.hpp>
#include <roamsync/memory_store.hpp>

#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/places.hpp"
#include "cli/server_url.hpp"
#include "cli/store_probe.hpp"
#include "cli/words.hpp"

#include <boost/filesystem/path.hpp>

#include <algorithm>
#include <memory>
#include <ostream>

namespace roamsync::cli {
namespace {

struct CheckOptions {
  PlaceOptions places;
  std::vector<std::string> for_whom;
};

struct Findings {
  std::string server;
  bool profile_exists = true;
  StoreTraits traits;
  StoreOwner owner;
  bool owner_is_right = true;
  StoreSpace space;
  ProbeResult probe;
  std::optional<Status> status;
  std::vector<Notice> notices;  ///< such as a damaged record
  std::optional<Error> failure;
};

// The folder of the profile, or, where the first logoff has yet to make it, the one it will be made in.
Result<std::unique_ptr<Store>> open_for_check(const std::string& url, bool& profile_exists) {
  BOOST_OUTCOME_TRY(ServerPlace place, find_server(url));
  profile_exists = place.store != nullptr;
  if (place.store) return std::move(place.store);
  if (!place.absent->create) return open_server(url);
  BOOST_OUTCOME_TRY(boost::filesystem::path folder, folder_of_server(url));
  folder.remove_trailing_separator();
  const auto parent = folder.parent_path();
  return open_server(parent.empty() ? "." : parent.string());
}

// The session's own rule; root works for everybody, so of root it says nothing.
bool is_right_owner(const StoreOwner& owner, const std::string& user) {
  return owner.is_administrator || user == "root" || owner.name == user || owner.name.starts_with(user + " (");
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

std::optional<Error> first_failure(const Findings& found) {
  if (const Attempt* failed = found.probe.first_failure()) {
    return failed->failure->within({.step = failed->what,
                                    .path = found.server,
                                    .cure = failed->right.empty() ? "" : "grant " + failed->right + " on that folder"});
  }
  if (!found.owner_is_right) {
    return Error(Errc::wrong_owner, {.step = "check the owner",
                                     .path = found.server,
                                     .expected = "this user or the Administrators",
                                     .found = found.owner.name,
                                     .cure = "make the user the owner of that folder, or use --no-owner-check"});
  }
  return std::nullopt;
}

Result<Findings> look(const CheckOptions& options, Context& context) {
  Findings found{.server = options.places.server};
  BOOST_OUTCOME_TRY(const auto store, open_for_check(found.server, found.profile_exists));
  found.traits = store->traits();
  BOOST_OUTCOME_TRY(found.owner, store->owner());
  BOOST_OUTCOME_TRY(found.space, store->space());
  if (found.profile_exists) {
    found.owner_is_right = is_right_owner(found.owner, context.host.user_name());
    auto status = status_of(*store, context, found.notices);
    if (!status) return status.error();
    found.status = std::move(status).value();
  }
  found.probe = probe_store(*store, context.host);
  found.failure = first_failure(found);
  return found;
}

std::vector<std::string> missing_rights(const Findings& found) {
  std::vector<std::string> rights;
  for (const Attempt& attempt : found.probe.attempts) {
    const bool is_new = std::find(rights.begin(), rights.end(), attempt.right) == rights.end();
    if (attempt.failure && attempt.failure->code() == Remedy::ask_an_administrator && !attempt.right.empty() &&
        is_new) {
      rights.push_back(attempt.right);
    }
  }
  return rights;
}

Json json_of(const Findings& found) {
  Json attempts = Json::array();
  for (const Attempt& attempt : found.probe.attempts) {
    Json one{{"what", attempt.what}, {"right", attempt.right}, {"ok", !attempt.failure}};
    if (attempt.failure) one["error"] = cli::json_of(*attempt.failure);
    attempts.push_back(std::move(one));
  }
  Json json{{"reachable", true},
            {"server", found.server},
            {"profile_exists", found.profile_exists},
            {"owner",
             {{"name", found.owner.name},
              {"is_administrator", found.owner.is_administrator},
              {"accepted", found.owner_is_right}}},
            {"bytes_available", found.space.available},
            {"attempts", std::move(attempts)},
            {"missing", missing_rights(found)},
            {"because", found.failure ? sentence_of(*found.failure) : ""},
            {"cure", found.failure ? found.failure->context().cure : ""},
            {"atomic_replace", found.traits.atomic_replace},
            {"durable_flush", found.traits.durable_flush}};
  if (found.probe.case_sensitive) json["case_sensitive"] = *found.probe.case_sensitive;
  if (found.probe.time_resolution) json["time_resolution_ns"] = found.probe.time_resolution->count();
  if (found.probe.locks_exclude) json["locks_exclude"] = *found.probe.locks_exclude;
  if (found.probe.flush_time) json["flush_ms"] = static_cast<double>(found.probe.flush_time->count()) / 1e6;
  if (!found.probe.left_behind.empty()) json["left_behind"] = found.probe.left_behind;
  if (found.status) {
    json["generation"] = found.status->server_generation;
    json["machine"] = found.status->last_writer;
    json["written"] = cli::json_of(found.status->last_written);
    json["publish_interrupted"] = found.status->publish_interrupted;
  }
  json["events"] = cli::json_of(std::span<const Notice>(found.notices));
  if (found.failure) json["error"] = cli::json_of(*found.failure);
  return json;
}

void print(std::ostream& out, const Findings& found) {
  const auto yes = [](bool is_so) { return is_so ? "yes" : "NO"; };
  out << found.server << ": reachable";
  if (!found.profile_exists) out << "; the profile folder is not there yet, the first logoff makes it";
  out << "\n  owner            " << found.owner.name
      << (found.owner_is_right ? "" : ": NOT the user or an administrator") << "\n  room             "
      << size_in_words(found.space.available) << '\n';
  for (const Attempt& attempt : found.probe.attempts) {
    out << "  " << (attempt.failure ? "FAILED" : "done  ") << "           " << attempt.what;
    if (attempt.failure) out << ": " << attempt.failure->code().message();
    out << '\n';
  }
  out << "  atomic replace   " << yes(found.traits.atomic_replace) << '\n';
  out << "  durable flush    " << yes(found.traits.durable_flush);
  if (found.probe.flush_time) out << " (" << seconds_in_words(*found.probe.flush_time) << " for one file)";
  out << '\n';
  if (found.probe.case_sensitive) {
    out << "  upper and lower  "
        << (*found.probe.case_sensitive ? "case are different names" : "case are the same name") << '\n';
  }
  if (found.probe.time_resolution) {
    out << "  times            to " << found.probe.time_resolution->count() << " ns\n";
  }
  if (found.probe.locks_exclude) out << "  locks exclude    " << yes(*found.probe.locks_exclude) << '\n';
  if (found.status) {
    if (found.status->server_generation == 0) {
      out << "  generation       none published by roamsync yet\n";
    } else {
      out << "  generation       " << found.status->server_generation << ", written "
          << time_in_words(found.status->last_written) << " by " << found.status->last_writer << '\n';
    }
    if (found.status->publish_interrupted)
      out << "  interrupted      a publish; the next logon, logoff or recover ends it\n";
  }
  for (const Notice& notice : found.notices) out << "  " << Event(notice) << '\n';
  for (const std::string& path : found.probe.left_behind) out << "  left behind      " << path << '\n';
}

Result<ExitCode> run_check(const CheckOptions& options, Context& context) {
  const auto found = look(options, context);
  if (!found) {
    const ExitCode code = exit_code_of(found.error());
    if (code == usage || code == interrupted) return found.error();
    context.output.failure(found.error(), Json{{"reachable", false},
                                               {"server", options.places.server},
                                               {"because", sentence_of(found.error())},
                                               {"cure", found.error().context().cure}});
    return code;
  }
  context.output.result(json_of(found.value()), [&](std::ostream& out) { print(out, found.value()); });
  if (found.value().failure) {
    context.output.failure(*found.value().failure);
    return exit_code_of(*found.value().failure);
  }
  if (!options.for_whom.empty() && !found.value().traits.security_descriptors) {
    return Error(
        Errc::not_supported,
        {.step = "check the rights of " + options.for_whom.front(),
         .path = options.places.server,
         .found = "a file system that holds no NT security descriptors",
         .cure = "what this user may do there has been tried and stands above; ask the server for other users"});
  }
  return done;
}

}  // namespace

void add_check_command(CLI::App& app, Context& context) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App& check =
      add_command(app, "check", "Try out whether a server folder can hold the profile; leave nothing behind", context,
                  [=, &context] { return run_check(*options, context); });
  add_server_options(check, options->places);
  check.add_option("--for", options->for_whom, "Also what the user or group with this SID may do there")
      ->type_name("SID")
      ->group("Places");
}

}  // namespace roamsync::cli
