#include <roamsync/disk_store.hpp>
#include <roamsync/memory_store.hpp>

#include "cli/access_options.hpp"
#include "cli/check_report.hpp"
#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/places.hpp"
#include "cli/server_url.hpp"

#include <boost/filesystem/path.hpp>

#include <memory>
#include <ostream>

namespace roamsync::cli {
namespace {

struct CheckOptions {
  PlaceOptions places;
  AccessOptions access;
  bool no_owner_check = false;
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

std::optional<Error> first_failure(const CheckFindings& found) {
  if (!found.owner_is_right) {
    return Error(Errc::wrong_owner, {.step = "check the owner",
                                     .path = found.server,
                                     .expected = "this user or the Administrators",
                                     .found = found.owner.name,
                                     .cure = "make the user the owner of that folder, or use --no-owner-check"});
  }
  if (auto missing = found.access.error(found.server)) return missing;
  if (const Attempt* failed = found.probe.first_failure()) {
    return failed->failure->within({.step = failed->what,
                                    .path = found.server,
                                    .cure = failed->right.empty() ? "" : "grant " + failed->right + " on that folder"});
  }
  return std::nullopt;
}

// Where the first logoff has yet to make the folder, the folder above must let it; the share counts as ever.
Result<AccessFinding> judge_rights(const CheckFindings& found, Store& store, AccessInquiry inquiry, Context& context) {
  const std::string user = context.host.user_name();
  if (found.profile_exists) return check_store_access(store, std::move(inquiry), user);
  if (inquiry.knows_share()) {
    AccessInquiry of_share = inquiry;
    if (of_share.user.empty()) of_share.user_name = user;
    AccessFinding share = judge_access({}, of_share, found.server);
    if (share.explanation.missing != 0) return share;
  }
  inquiry.wanted = access::append_data | access::execute | access::read_attributes;
  return check_store_access(store, std::move(inquiry), user);
}

Result<CheckFindings> look(const CheckOptions& options, AccessInquiry inquiry, Context& context) {
  CheckFindings found{.server = options.places.server};
  BOOST_OUTCOME_TRY(const auto store, open_for_check(found.server, found.profile_exists));
  found.traits = store->traits();
  BOOST_OUTCOME_TRY(found.owner, store->owner());
  BOOST_OUTCOME_TRY(found.space, store->space());
  BOOST_OUTCOME_TRY(found.access, judge_rights(found, *store, std::move(inquiry), context));
  found.tells_access = found.access.is_file_known || found.access.is_share_known;
  if (found.profile_exists) {
    found.owner_is_right = options.no_owner_check || is_right_owner(found.owner, context.host.user_name());
    auto status = status_of(*store, context, found.notices);
    // Whoever lacks rights may not even look.
    if (!status && found.access.explanation.missing == 0) return status.error();
    if (status) found.status = std::move(status).value();
  }
  found.probe = probe_store(*store, context.host);
  found.failure = first_failure(found);
  return found;
}

Result<ExitCode> run_check(const CheckOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(AccessInquiry inquiry, access_inquiry(options.access));
  const auto found = look(options, std::move(inquiry), context);
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

}  // namespace

void add_check_command(CLI::App& app, Context& context) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App& check =
      add_command(app, "check", "Try out whether a server folder can hold the profile; leave nothing behind", context,
                  [=, &context] { return run_check(*options, context); });
  add_server_options(check, options->places);
  add_access_options(check, options->access);
  check
      .add_flag("--no-owner-check", options->no_owner_check,
                "Accept also a server folder that belongs to neither the user nor the Administrators")
      ->group("Rights");
}

}  // namespace roamsync::cli
