#include "session/carry_out.hpp"
#include "session/delete_cache.hpp"
#include "session/hive_gate.hpp"
#include "session/losers.hpp"
#include "session/remember.hpp"
#include "session/rights.hpp"
#include "session/room.hpp"
#include "session/runs.hpp"
#include "session/server_side.hpp"

namespace roamsync {
namespace {

constexpr int plans_max =
    5;  // another machine published between a question and its answer: so often it is planned again

// Why nothing may be uploaded in this session, decided at logon. Nothing when it may.
std::optional<Report> upload_barred(Workspace& work, const SessionRecord& session) {
  if (session.mandatory) {
    work.notice(event_id::none, Level::information, "the profile is mandatory: nothing of this session is uploaded");
    return work.end(Outcome::nothing_to_do);
  }
  if (work.options.read_only || session.read_only) {
    work.notice(event_id::none, Level::information,
                "the profile is read-only here: nothing of this session is uploaded");
    return work.end(Outcome::nothing_to_do);
  }
  if (!session.upload_forbidden.empty()) {
    return work.end(
        Outcome::refused, event_id::roaming_unavailable,
        Error(Errc::upload_forbidden,
              {.step = "log off",
               .path = work.local.location(),
               .expected = "a session whose logon had the server's profile",
               .found = session.upload_forbidden,
               .cure = "log on again with the server in reach; what was changed here is kept and goes up then"}));
  }
  return std::nullopt;
}

class LogOff {
 public:
  LogOff(Workspace& work, const MachineState& state, Store& server) : work_(work), state_(state), server_(server) {}

  Result<Report> run() {
    AskedDecisions decisions;
    for (int attempt = 0; attempt < plans_max; ++attempt) {
      BOOST_OUTCOME_TRY(auto lock,
                        lock_server(server_, LockMode::exclusive, work_.holder_text(), work_.options.lock_patience,
                                    [this] { return check_space_for_first(work_, server_); }));
      BOOST_OUTCOME_TRY(recover_and_tell(work_, server_, {server_, server_records()}, "server"));
      BOOST_OUTCOME_TRY(Survey survey, make_survey(work_, server_, how_to_look()));
      if (is_emptied(survey)) return emptied_error(survey, server_.location());
      BOOST_OUTCOME_TRY(sweep(server_, survey.server.temporaries));
      BOOST_OUTCOME_TRY(check_quota(work_, survey.local.tree));
      if (const Entry* hive = find_hive(survey.server.tree); hive != nullptr && is_mandatory_hive(hive->path)) {
        work_.notice(event_id::none, Level::information, "the server's profile is mandatory: nothing is uploaded");
        return work_.end(Outcome::nothing_to_do);
      }
      const PlanInput input =
          survey.input(work_, Direction::logoff, state_.session, resolution_of(work_.local, server_));
      // What is as the base has it on both sides needs no plan: every file would be "unchanged".
      if (survey.as_remembered && work_.options.rules == Rules::base) {
        return publish_changes(survey, input, {.direction = Direction::logoff});
      }
      BOOST_OUTCOME_TRY(compare_contents(work_, server_, survey, input));
      work_.step("plan");
      const Plan plan = make_plan(input, policy_of(work_.options),
                                  [&](const Triple& triple, ConflictKind) { return decisions.find(triple); });
      if (!plan.undecided()) return publish_changes(survey, input, plan);
      // Asking may take a person's time: not under the lock. Should another machine publish meanwhile, the next round
      // plans against what it left.
      lock.reset();
      if (!decisions.ask(plan, input, work_.options.decide)) return decision_needed(plan);
    }
    return Error(Errc::generation_moved, {.step = "plan", .path = server_.location()});
  }

 private:
  // Windows' own rules know no generations. A local copy is deleted only after a look at the whole server.
  ServerScan how_to_look() const {
    const bool generations_decide = work_.options.rules == Rules::base && !work_.options.delete_cache;
    return generations_decide ? ServerScan::by_generation : ServerScan::whole;
  }

  Result<Report> publish_changes(const Survey& survey, const PlanInput& input, const Plan& plan) {
    tell_obstacles(work_, survey, server_);
    work_.report.conflicts = plan.conflicts;
    work_.report.kept = plan.kept.size();
    BOOST_OUTCOME_TRY(check_plan_deletions(work_, plan, survey));
    BOOST_OUTCOME_TRY(check_rights_of_plan(work_, server_, plan));

    const std::vector<Entry> losers = local_losers(plan, survey.local.tree);
    const std::string transaction = work_.new_transaction();
    std::uint64_t generation = survey.generation().generation;
    const auto before = survey.generation();
    if (!losers.empty()) {
      BOOST_OUTCOME_TRY(keep_losers(work_, server_, survey, losers, {++generation, transaction}));
    }
    if (plan.empty() && losers.empty()) return end(survey, input, plan, survey.local.tree, survey.server.tree, before);

    const GenerationId id{generation + 1, transaction};
    HistoryOptions history = work_.options.history;
    history.generation = generation;
    BOOST_OUTCOME_TRY(const CarriedOut after, carry_out(work_, survey, input, plan,
                                                        {.server = server_,
                                                         .transaction = transaction,
                                                         .history = history,
                                                         .record_name = head_name,
                                                         .make_record = [&](const CarriedOut& trees) {
                                                           return write_head({.id = id,
                                                                              .machine = work_.host.machine_name(),
                                                                              .user = work_.host.user_name(),
                                                                              .written = work_.host.now(),
                                                                              .tree = trees.server_after});
                                                         }}));
    return end(survey, input, plan, after.local_after, after.server_after, id);
  }

  Result<Report> end(const Survey& survey, const PlanInput& input, const Plan& plan, const Tree& local_after,
                     const Tree& server_after, const GenerationId& id) {
    const bool changed = id != survey.generation();
    work_.report.generation = id.generation;
    if (!changed) work_.report.hive = hive_choice(input, plan);
    BOOST_OUTCOME_TRY(remember(work_, survey, input, plan, local_after, server_after, id));
    if (work_.options.delete_cache) {
      BOOST_OUTCOME_TRY(delete_cache(work_, survey));
    }
    return work_.end(changed ? Outcome::synced : Outcome::nothing_to_do);
  }

  Workspace& work_;
  const MachineState& state_;
  Store& server_;
};

// The local side and the hive must be ready before a server folder is made for them.
Result<std::unique_ptr<Store>> create_server(Workspace& work, const AbsentServer& absent, const BaseRecord& base) {
  if (!is_first_use(absent)) return absent_error(absent);
  if (base.base.server.file_count() > 0) {
    return Error(
        Errc::server_emptied,
        {.step = "open the server",
         .path = absent.location,
         .expected = "the profile of generation " + std::to_string(base.id.generation),
         .found = "no such folder",
         .cure = "mount the share again; if the folder was removed on purpose, remove this machine's state folder"});
  }
  BOOST_OUTCOME_TRY(const ScanResult local,
                    scan(work.local, {.filter = &work.options.filter, .stop = work.options.stop}));
  BOOST_OUTCOME_TRY(check_quota(work, local.tree));
  if (absent.open_above) {
    BOOST_OUTCOME_TRY(const auto above, absent.open_above());
    BOOST_OUTCOME_TRY(check_space(*above, {.bytes = local.tree.total_bytes(), .files = local.tree.entries().size()}));
  }
  return create_profile_folder(work, absent);
}

Outcome outcome_of(const Error& error) {
  return error.code() == Errc::server_unavailable || error.code() == Errc::server_emptied ? Outcome::used_local
                                                                                          : Outcome::refused;
}

int event_of(const Error& error) {
  if (error.code() == Errc::wrong_owner) return event_id::wrong_owner;
  const int room = event_for_room(error);
  return room != event_id::none ? room : event_id::not_updated_completely;
}

Result<Report> log_off(Workspace& work, const MachineState& state, Endpoints& endpoints) {
  BOOST_OUTCOME_TRY(check_before_log_off(work, endpoints));
  BOOST_OUTCOME_TRY(recover_and_tell(work, work.local, {work.state, ProfilePath()}, "local profile"));
  BOOST_OUTCOME_TRY(let_go_of_hive(work));
  std::unique_ptr<Store> created;
  if (const auto* absent = std::get_if<AbsentServer>(&endpoints.server)) {
    BOOST_OUTCOME_TRY(const BaseRecord base, load_base(work));
    BOOST_OUTCOME_TRY(created, create_server(work, *absent, base));
  }
  Store& server = created ? *created : *std::get<Store*>(endpoints.server);
  if (created) {
    BOOST_OUTCOME_TRY(check_owner(work, server));
  }
  BOOST_OUTCOME_TRY(const Link link, measure_link(work, server));
  if (link.slow && work.options.slow_link.then == OnSlowLink::local) return work.end(Outcome::used_local);
  return LogOff(work, state, server).run();
}

}  // namespace

Result<Report> run_log_off(Workspace& work, Endpoints& endpoints) {
  BOOST_OUTCOME_TRY(const MachineState state, load_state(work, true));
  SessionRecord session = state.session;
  auto barred = upload_barred(work, session);
  Result<Report> report = barred ? Result<Report>(std::move(*barred)) : log_off(work, state, endpoints);
  if (!report) {
    if (report.error().code() == Errc::cancelled) return report;
    Error why = std::move(report).error();
    const Outcome outcome = outcome_of(why);
    const int id = event_of(why);
    report = work.end(outcome, id, why.within({.cure = cure_for_room(why)}));
  }
  session.last_operation = "logoff";
  session.last_outcome = text_of(report.value().outcome);
  session.last_time = work.host.now();
  if (report.value().outcome == Outcome::synced || report.value().outcome == Outcome::nothing_to_do) {
    session.logged_off = session.last_time;
  }
  BOOST_OUTCOME_TRY(save_session(work, state.session, session));
  return report;
}

}  // namespace roamsync
