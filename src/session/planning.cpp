#include "session/planning.hpp"

#include "session/odd_names.hpp"
#include "session/server_side.hpp"

namespace roamsync {
namespace {

void add_stamp(std::string& key, const Entry* entry) {
  key += '\n';
  if (entry == nullptr) return;
  key += std::to_string(static_cast<int>(entry->kind)) + ' ' + std::to_string(entry->size) + ' ' +
         std::to_string(entry->modified.ticks) + ' ' + std::to_string(entry->id);
}

std::string key_of(const Triple& triple) {
  std::string key = triple.path().key();
  add_stamp(key, triple.local);
  add_stamp(key, triple.server);
  return key;
}

constexpr int plans_max = 5;  // another machine published between a question and its answer, or files changed: so often

// Files changed or vanished under the plan: another one may succeed.
bool calls_for_another_plan(const Error& error) {
  const std::error_code& code = error.code();
  const bool source_is_gone =
      code == Errc::source_changed && error.context().cause == std::errc::no_such_file_or_directory;
  return source_is_gone || code == Errc::target_changed || code == std::errc::no_such_file_or_directory ||
         code == std::errc::not_a_directory;
}

}  // namespace

std::optional<Choice> AskedDecisions::find(const Triple& triple) const {
  const auto found = choices_.find(key_of(triple));
  return found == choices_.end() ? std::nullopt : std::optional(found->second);
}

bool AskedDecisions::ask(const Plan& plan, const PlanInput& input,
                         const std::function<Choice(const Triple&, ConflictKind)>& decide) {
  if (!decide) return false;
  for (const Conflict& conflict : plan.conflicts) {
    if (conflict.choice != Choice::undecided) continue;
    const Triple triple{.local = input.local.find(conflict.path),
                        .server = input.server.find(conflict.path),
                        .base_local = input.base.local.find(conflict.path),
                        .base_server = input.base.server.find(conflict.path)};
    const Choice choice = decide(triple, conflict.kind);
    if (choice == Choice::undecided) return false;
    choices_[key_of(triple)] = choice;
  }
  return true;
}

const Policy& policy_of(const SessionOptions& options) {
  return options.policy != nullptr ? *options.policy : newest_wins();
}

Error decision_needed(const Plan& plan) {
  std::string open;
  std::size_t count = 0;
  for (const Conflict& conflict : plan.conflicts) {
    if (conflict.choice != Choice::undecided) continue;
    if (++count <= 3)
      open += (open.empty() ? "" : ", ") + std::string(conflict.path.text()) + " (" + conflict.reason + ")";
  }
  if (count > 3) open += " and " + std::to_string(count - 3) + " more";
  return Error(Errc::decision_needed,
               {.step = "plan",
                .expected = "a decision for each conflict",
                .found = "none for " + open,
                .cure = "choose one of newest, local, server or keep-both, or answer on a terminal"});
}

Result<Report> plan_until_done(Workspace& work, const Store& server, const Attempt& attempt,
                               const bool& is_publishing) {
  for (int number = 1; number <= plans_max; ++number) {
    auto done = attempt();
    if (!done && number < plans_max && is_publishing && calls_for_another_plan(done.error())) {
      work.notice(event_id::none, Level::information, "planned again: " + done.error().message());
      // Behind its intent a logon is decided; what it has staged here is not for the next attempt to sweep away.
      BOOST_OUTCOME_TRYV(recover_local(work));
      continue;
    }
    BOOST_OUTCOME_TRY(std::optional<Report> report, std::move(done));
    if (report) return std::move(*report);
  }
  return Error(Errc::generation_moved, {.step = "plan", .path = server.location()});
}

void leave_mandatory_hive(Survey& survey) {
  const Entry* hive = find_hive(survey.local.tree);
  if (hive == nullptr || !is_mandatory_hive(hive->path) || !hive->is_file()) return;
  const ProfilePath path = hive->path;
  survey.local.unusable.push_back(
      {std::string(path.text()),
       "a mandatory profile's hive, which only an administrator puts on a server (NTUSER.DAT roams)"});
  survey.local_obstacles.emplace_back(path.text());
  survey.local.tree.erase(path);
  survey.as_remembered = false;
}

Result<void> check_quota(Workspace& work, const Tree& profile) {
  const std::uint64_t limit = work.options.profile_size_max;
  const std::uint64_t size = profile.total_bytes();
  if (limit == 0 || size <= limit) return success();
  return Error(Errc::over_quota,
               {.step = "check the size",
                .path = work.local.location(),
                .expected = "a profile of at most " + std::to_string(limit) + " bytes",
                .found = std::to_string(size) + " bytes in " + std::to_string(profile.file_count()) + " files",
                .cure = "delete or exclude files, or raise the limit"});
}

Result<void> check_plan_deletions(Workspace& work, const Plan& plan, const Survey& survey, const Store& server) {
  const bool emptied_here = survey.local.tree.file_count() == 0 && survey.base.base.local.file_count() > 0;
  if (plan.direction == Direction::logoff && emptied_here) {
    return Error(
        Errc::too_many_deletions,
        {.step = "plan",
         .path = work.local.location(),
         .expected = "the profile of " + std::to_string(survey.base.base.local.file_count()) + " files that was here",
         .found = "no file at all, which is not taken for \"everything was deleted\"",
         .cure = "log on again to fetch the profile from the server"});
  }
  const auto checked = check_deletions(plan, work.options.deletion_guard);
  if (checked) return success();
  const Store& target = plan.direction == Direction::logoff ? server : work.local;
  return checked.error().within({.path = target.location()});
}

void tell_skipped(Workspace& work, const Plan& plan) {
  constexpr std::size_t named_max = 10;
  std::size_t count = 0;
  std::string named;
  for (const Kept& kept : plan.kept) {
    if (!kept.is_older || ++count > named_max) continue;
    (named += named.empty() ? "" : ", ") += kept.path.text();
  }
  if (count == 0) return;
  if (count > named_max) named += " and " + std::to_string(count - named_max) + " more";
  const std::string_view here = plan.direction == Direction::logoff ? "here" : "on the server";
  work.notice(event_id::skipped_older, Level::information,
              std::to_string(count) + (count == 1 ? " file is" : " files are") + " skipped, older " +
                  std::string(here) + " than what would be overwritten: " + named);
}

void tell_obstacles(Workspace& work, const Survey& survey, Store& server) {
  const auto tell = [&work](const Store& store, const std::vector<Unusable>& unusable) {
    for (const Unusable& one : unusable) {
      work.notice(event_id::none, Level::warning,
                  store.location() + '/' + one.path +
                      " does not roam: expected a file or folder with a name Windows can have, found " + one.found);
      work.report.unusable.push_back(one);
    }
  };
  tell(work.local, survey.local.unusable);
  tell(server, survey.server.unusable);
  tell_odd_names(work, survey, server);
}

}  // namespace roamsync
