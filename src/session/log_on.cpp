#include "session/base_hive.hpp"
#include "session/carry_out.hpp"
#include "session/hive_gate.hpp"
#include "session/kept_generations.hpp"
#include "session/losers.hpp"
#include "session/remember.hpp"
#include "session/runs.hpp"
#include "session/server_side.hpp"

namespace roamsync {
namespace {

constexpr int plans_max = 5;

// Anything a user could work with: a cached copy, even without a hive.
Result<bool> has_cached_copy(Store& local) {
  auto listing = local.list(ProfilePath());
  if (!listing && listing.error().code() == std::errc::no_such_file_or_directory) return false;
  BOOST_OUTCOME_TRY(const Listing root, std::move(listing));
  for (const Entry& entry : root.entries) {
    if (!is_own_name(entry.path)) return true;
  }
  return false;
}

// A mandatory profile is what the server has: what was changed here does not count as a change worth keeping.
Base forget_local_changes(const Base& base, const Tree& local) {
  std::vector<Entry> unchanged_here;
  std::vector<Entry> unchanged_there;
  for (const Entry& entry : base.local.entries()) {
    const Entry* now = local.find(entry.path);
    const Entry* there = base.server.find(entry.path);
    if (now == nullptr || there == nullptr || !same_stamp(*now, entry)) continue;
    unchanged_here.push_back(entry);
    unchanged_there.push_back(*there);
  }
  return {Tree::from_sorted(std::move(unchanged_here)), Tree::from_sorted(std::move(unchanged_there))};
}

class LogOn {
 public:
  LogOn(Workspace& work, const MachineState& state, Store& server) : work_(work), state_(state), server_(server) {}

  Result<Report> run() {
    AskedDecisions decisions;
    BOOST_OUTCOME_TRY(access_, CarriedAccess::make(work_, server_, Direction::logon));
    for (int attempt = 0; attempt < plans_max; ++attempt) {
      BOOST_OUTCOME_TRY(auto lock, lock_for_reading());
      BOOST_OUTCOME_TRY(Survey survey, make_survey(work_, server_, ServerScan::whole, access_.get()));
      if (is_emptied(survey)) return emptied_error(survey, server_.location());
      BOOST_OUTCOME_TRY(sweep(work_.local, survey.local.temporaries));
      if (survey.server.tree.empty()) return first_use();
      BOOST_OUTCOME_TRY(check_server_hive(survey));
      const bool mandatory = is_mandatory(survey);
      if (mandatory) {
        survey.base.base = forget_local_changes(survey.base.base, survey.local.tree);
        survey.as_remembered = false;
      }
      const PlanInput input =
          survey.input(work_, Direction::logon, state_.session, resolution_of(work_.local, server_));
      BOOST_OUTCOME_TRY(compare_contents(work_, server_, survey, input));
      work_.step("plan");
      const Plan plan = make_plan(input, mandatory ? server_wins() : policy_of(work_.options),
                                  [&](const Triple& triple, ConflictKind) { return decisions.find(triple); });
      if (!plan.undecided()) return download(survey, input, plan, mandatory, std::move(lock));
      lock.reset();  // see log_off
      if (!decisions.ask(plan, input, work_.options.decide)) return decision_needed(plan);
    }
    return Error(Errc::generation_moved, {.step = "plan", .path = server_.location()});
  }

  bool mandatory() const { return mandatory_; }

 private:
  // Shared: any number of machines may read. An interrupted publish is finished first, which takes the lock alone.
  Result<std::unique_ptr<StoreLock>> lock_for_reading() {
    const auto patience = work_.options.lock_patience;
    BOOST_OUTCOME_TRY(auto lock, lock_server(server_, LockMode::shared, work_.holder_text(), patience));
    BOOST_OUTCOME_TRY(const bool interrupted, has_intent(server_, server_records()));
    if (!interrupted) return lock;
    lock.reset();
    {
      BOOST_OUTCOME_TRY(const auto alone, lock_server(server_, LockMode::exclusive, work_.holder_text(), patience));
      BOOST_OUTCOME_TRY(recover_and_tell(work_, server_, {server_, server_records()}, "server"));
    }
    return lock_server(server_, LockMode::shared, work_.holder_text(), patience);
  }

  bool is_mandatory(const Survey& survey) {
    const Entry* hive = find_hive(survey.server.tree);
    mandatory_ = (hive != nullptr && is_mandatory_hive(hive->path)) || is_super_mandatory(server_.location());
    return mandatory_;
  }

  Report first_use() {
    work_.notice(event_id::none, Level::information,
                 server_.location() + " holds no profile yet; it is made at the first logoff");
    return work_.end(Outcome::nothing_to_do);
  }

  // Files without the hive that the last publish put there: somebody took it away. Nothing of that is loaded.
  Result<void> check_server_hive(const Survey& survey) {
    if (find_hive(survey.server.tree) != nullptr || find_hive(survey.base.base.server) == nullptr) return success();
    return Error(Errc::hive_corrupt,
                 {.step = "scan",
                  .path = server_.location_of(ProfilePath::literal("NTUSER.DAT")),
                  .expected = "the hive of generation " + std::to_string(survey.generation().generation),
                  .found = "none",
                  .cure = "restore it from the history (roamsync history, roamsync restore)"});
  }

  Result<Report> download(const Survey& survey, const PlanInput& input, const Plan& plan, bool mandatory,
                          std::unique_ptr<StoreLock> lock) {
    tell_obstacles(work_, survey, server_);
    work_.report.conflicts = plan.conflicts;
    work_.report.kept = plan.kept.size();
    work_.report.generation = survey.generation().generation;
    BOOST_OUTCOME_TRY(check_plan_deletions(work_, plan, survey));
    if (hive_action(plan) != nullptr && find_hive(survey.local.tree) != nullptr) {
      BOOST_OUTCOME_TRY(let_go_of_hive(work_, Direction::logon));
    }
    GenerationId id = survey.generation();
    const std::vector<Entry> losers = mandatory ? std::vector<Entry>() : local_losers(plan, survey.local.tree);
    if (!losers.empty()) {
      lock.reset();
      BOOST_OUTCOME_TRY(id, publish_losers(survey, losers));
      BOOST_OUTCOME_TRY(lock, lock_server(server_, LockMode::shared, work_.holder_text(), work_.options.lock_patience));
      BOOST_OUTCOME_TRY(const auto head, load_head(work_, server_, id));
      if (!head || head->id != id)
        return Error(Errc::generation_moved, {.step = "download", .path = server_.location()});
    }
    if (plan.empty()) {
      work_.report.hive = hive_choice(input, plan);
      BOOST_OUTCOME_TRY(remember(work_, survey, input, plan, survey.local.tree, survey.server.tree, id));
      return work_.end(Outcome::nothing_to_do);
    }
    BaseRecord base;
    BOOST_OUTCOME_TRY(const CarriedOut after,
                      carry_out(work_, survey, input, plan,
                                {.server = server_,
                                 .access = access_.get(),
                                 .transaction = work_.new_transaction(),
                                 .history = {},
                                 .record_name = base_name,
                                 .make_record = [&](const CarriedOut& trees) {
                                   base = {.id = id,
                                           .base = next_base(input, plan, trees.local_after, trees.server_after)};
                                   return write_base(base);
                                 }}));
    keep_base_hive(work_, base.base, after.base_hive);
    return work_.end(Outcome::synced);
  }

  // The local versions that lost go to the server's history; the generation moves on, so that every publish has a number of its own.
  Result<GenerationId> publish_losers(const Survey& survey, std::span<const Entry> losers) {
    BOOST_OUTCOME_TRY(const auto lock,
                      lock_server(server_, LockMode::exclusive, work_.holder_text(), work_.options.lock_patience));
    BOOST_OUTCOME_TRY(const auto head, load_head(work_, server_, survey.generation()));
    if ((head ? head->id : GenerationId()) != survey.generation()) {
      return Error(Errc::generation_moved, {.step = "keep the losers", .path = server_.location()});
    }
    BOOST_OUTCOME_TRY(const auto upward, CarriedAccess::make(work_, server_, Direction::logoff));
    const std::string transaction = work_.new_transaction();
    BOOST_OUTCOME_TRY(const std::uint64_t in_place, number_in_place(server_, head, survey.server.tree));
    const GenerationId lost{in_place + 1, transaction};
    const GenerationId id{lost.generation + 1, transaction};
    BOOST_OUTCOME_TRY(keep_losers(work_, server_, upward.get(), survey, losers, lost));
    HistoryOptions history = work_.options.history;
    history.generation = lost.generation;
    BOOST_OUTCOME_TRY(publish(server_, {server_, server_records()}, {},
                              {.transaction = transaction,
                               .history = history,
                               .head_name = std::string(head_name),
                               .make_head = [&](const Published&) -> Result<std::vector<std::byte>> {
                                 return write_head({.id = id,
                                                    .machine = work_.host.machine_name(),
                                                    .user = work_.host.user_name(),
                                                    .written = work_.host.now(),
                                                    .tree = survey.server.tree});
                               }}));
    work_.report.generation = id.generation;
    return id;
  }

  Workspace& work_;
  const MachineState& state_;
  Store& server_;
  bool mandatory_ = false;
  std::unique_ptr<CarriedAccess> access_;
};

// The server's profile cannot be had, or not safely: the cached copy, a temporary profile, or no logon.
Result<Report> without_server(Workspace& work, const std::string& location, SessionRecord& session, Error why) {
  const bool away = why.code() == Errc::server_unavailable || why.code() == Errc::server_emptied;
  if (is_super_mandatory(location)) {
    return work.end(Outcome::refused, event_id::super_mandatory_refused,
                    Error(away ? make_error_code(Errc::mandatory_unavailable) : why.code(), why.context()));
  }
  session.upload_forbidden = why.message();
  BOOST_OUTCOME_TRY(const bool cached, has_cached_copy(work.local));
  if (!cached) {
    work.notice(event_id::temporary_profile, Level::error,
                "there is no local copy of the profile: it is a temporary one, and what is changed in it is not kept");
    return work.end(Outcome::temporary, away ? event_id::server_copy_not_found : event_id::roaming_unavailable,
                    std::move(why));
  }
  work.notice(
      event_id::roaming_unavailable, Level::warning,
      "the local copy of the profile is used; its changes are not uploaded until a logon has reached the server");
  return work.end(Outcome::used_local, away ? event_id::server_copy_not_found : event_id::roaming_unavailable,
                  std::move(why));
}

// These say no to a logon without saying anything about the copies: try again, decide, or have it mended.
bool refuses_logon(const Error& error) {
  for (const Errc code : {Errc::wrong_owner, Errc::decision_needed, Errc::too_many_deletions, Errc::hive_in_use,
                          Errc::publish_running, Errc::generation_moved}) {
    if (error.code() == code) return true;
  }
  return false;
}

Result<Report> log_on(Workspace& work, const MachineState& state, SessionRecord& session, Store& server) {
  BOOST_OUTCOME_TRY(recover_and_tell(work, work.local, {work.state, ProfilePath()}, "local profile"));
  BOOST_OUTCOME_TRY(check_owner(work, server));
  BOOST_OUTCOME_TRY(const Link link, measure_link(work, server));
  if (link.slow && work.options.slow_link.then == OnSlowLink::local) {
    BOOST_OUTCOME_TRY(const bool cached, has_cached_copy(work.local));
    if (cached) {
      session.upload_forbidden = "the link to the server was slow at logon, so its profile was not fetched";
      return work.end(Outcome::used_local);
    }
  }
  LogOn log_on(work, state, server);
  auto report = log_on.run();
  session.mandatory = log_on.mandatory();
  return report;
}

}  // namespace

Result<Report> run_log_on(Workspace& work, Endpoints& endpoints) {
  BOOST_OUTCOME_TRY(const MachineState state, load_state(work, true));
  SessionRecord session = state.session;
  session.upload_forbidden.clear();
  session.read_only = work.options.read_only;
  session.mandatory = false;
  session.loaded = work.host.now();

  const auto* absent = std::get_if<AbsentServer>(&endpoints.server);
  const std::string location = absent != nullptr ? absent->location : std::get<Store*>(endpoints.server)->location();
  Result<Report> report = Report();
  if (absent == nullptr) {
    report = log_on(work, state, session, *std::get<Store*>(endpoints.server));
  } else {
    BOOST_OUTCOME_TRY(const BaseRecord base, load_base(work));
    if (is_first_use(*absent) && base.base.server.file_count() == 0 && !is_super_mandatory(location)) {
      work.notice(event_id::none, Level::information, location + " does not exist yet; it is made at the first logoff");
      report = work.end(Outcome::nothing_to_do);
    } else {
      report = absent_error(*absent);
    }
  }
  if (!report) {
    Error why = std::move(report).error();
    if (why.code() == Errc::cancelled) return why;
    if (refuses_logon(why)) {
      session = state.session;  // nothing was decided about this session
      const int id = why.code() == Errc::wrong_owner ? event_id::wrong_owner : event_id::roaming_unavailable;
      report = work.end(Outcome::refused, id, std::move(why));
    } else {
      BOOST_OUTCOME_TRY(report, without_server(work, location, session, std::move(why)));
    }
  }
  session.last_operation = "logon";
  session.last_outcome = text_of(report.value().outcome);
  session.last_time = work.host.now();
  BOOST_OUTCOME_TRY(save_session(work, state.session, session));
  return report;
}

}  // namespace roamsync
