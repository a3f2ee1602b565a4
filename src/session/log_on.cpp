#include "session/base_hive.hpp"
#include "session/carry_out.hpp"
#include "session/damaged_hive.hpp"
#include "session/hive_gate.hpp"
#include "session/leftovers.hpp"
#include "session/logon_terms.hpp"
#include "session/losers.hpp"
#include "session/numbering.hpp"
#include "session/remember.hpp"
#include "session/room.hpp"
#include "session/runs.hpp"
#include "session/server_side.hpp"
#include "session/standing.hpp"

namespace roamsync {
namespace {

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

class LogOn {
 public:
  LogOn(Workspace& work, const MachineState& state, Store& server) : work_(work), state_(state), server_(server) {}

  Result<Report> run() {
    BOOST_OUTCOME_TRY(access_, CarriedAccess::make(work_, server_, Direction::logon));
    return plan_until_done(
        work_, server_, [this] { return try_once(); }, publishing_);
  }

  bool mandatory() const { return mandatory_; }

 private:
  // Nothing when conflicts were put to the caller: then the plan is made again.
  Result<std::optional<Report>> try_once() {
    publishing_ = false;
    BOOST_OUTCOME_TRY(auto lock, lock_for_reading());
    BOOST_OUTCOME_TRY(Survey survey, make_survey(work_, server_, ServerScan::whole, access_.get()));
    work_.report.generation = survey.generation().generation;
    // A refusal, too, leaves a clean folder.
    BOOST_OUTCOME_TRY(sweep(work_.local, leftovers_among(survey.local.temporaries)));
    BOOST_OUTCOME_TRY(settle_standing(work_, survey, server_.location()));
    if (survey.server.tree.empty()) return std::optional(first_use());
    BOOST_OUTCOME_TRY(check_server_hive(survey, server_));
    const LogonTerms terms = settle_terms(work_, survey, state_.session, server_.location());
    mandatory_ = terms.mandatory;
    const PlanInput input = survey.input(work_, Direction::logon, state_.session, resolution_of(work_.local, server_));
    BOOST_OUTCOME_TRY(const std::string damage, find_damage(work_, survey));
    BOOST_OUTCOME_TRY(compare_contents(work_, server_, survey, input));
    work_.step("plan");
    Plan plan = make_plan(input, *terms.policy,
                          [&](const Triple& triple, ConflictKind) { return decide(triple, !damage.empty()); });
    if (!damage.empty()) {
      take_servers_hive(plan, input);
      work_.notice(event_id::last_good_used, Level::warning,
                   damage + ". The server's hive takes its place; the damaged one is kept in the history");
    }
    work_.report.conflicts = plan.conflicts;
    if (!plan.undecided()) return download(survey, input, plan, std::move(lock));
    lock.reset();  // see log_off
    if (!decisions_.ask(plan, input, work_.options.decide)) return decision_needed(plan);
    return std::optional<Report>();
  }

  std::optional<Choice> decide(const Triple& triple, bool hive_is_damaged) const {
    if (hive_is_damaged && is_hive(triple.path())) return Choice::keep_server;
    return decisions_.find(triple);
  }

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

  Report first_use() {
    work_.notice(event_id::none, Level::information,
                 server_.location() + " holds no profile yet; it is made at the first logoff");
    return work_.end(Outcome::nothing_to_do);
  }

  Result<std::optional<Report>> download(const Survey& survey, const PlanInput& input, const Plan& plan,
                                         std::unique_ptr<StoreLock> lock) {
    tell_obstacles(work_, survey, server_);
    work_.report.kept = plan.kept.size();
    tell_skipped(work_, plan);
    BOOST_OUTCOME_TRY(check_plan_deletions(work_, plan, survey, server_));
    if (hive_action(plan) != nullptr && find_hive(survey.local.tree) != nullptr) {
      BOOST_OUTCOME_TRY(const bool is_as_planned, wait_for_hive(survey, lock));
      if (!is_as_planned) return std::optional<Report>();
    }
    BaseRecord base{.id = survey.last_id(), .lineage = survey.last_lineage()};
    const std::vector<Entry> losers = mandatory_ ? std::vector<Entry>() : local_losers(plan, survey.local.tree);
    std::function<Result<void>()> keep_losers;
    if (!losers.empty()) {
      BOOST_OUTCOME_TRY(const Numbers numbers, numbers_of(server_, survey.head, survey.base.id, true));
      const GenerationId id{numbers.next, work_.new_transaction()};
      const LostFiles lost = as_generation(work_, survey, losers, id);
      BOOST_OUTCOME_TRY(check_space(server_, room_for(lost)));
      base = {.id = {id.generation + 1, id.transaction},
              .lineage = lineage_after(survey.last_id(), survey.last_lineage(), work_.new_transaction())};
      // Once the download is here whole, for one that fails is made again; the server is not read after that.
      keep_losers = [this, &survey, &base, &lock, numbers, lost]() -> Result<void> {
        lock.reset();
        if (auto kept = publish_losers(survey, numbers, lost, base); !kept) {
          return kept.error().within({.step = "keep the losers"});
        }
        return success();
      };
    }
    if (plan.empty()) {
      if (keep_losers) {
        BOOST_OUTCOME_TRY(keep_losers());
      }
      work_.report.hive = hive_choice(input, plan);
      BOOST_OUTCOME_TRY(remember(work_, survey, input, plan, survey.local.tree, survey.server.tree, base));
      return std::optional(work_.end(Outcome::nothing_to_do));
    }
    publishing_ = true;
    BOOST_OUTCOME_TRY(const CarriedOut after, carry_out(work_, survey, input, plan,
                                                        {.server = server_,
                                                         .access = access_.get(),
                                                         .transaction = work_.new_transaction(),
                                                         .history = {},
                                                         .before_intent = keep_losers,
                                                         .record_name = base_name,
                                                         .make_record = [&](const CarriedOut& trees) {
                                                           base.base = next_base(input, plan, trees.local_after,
                                                                                 trees.server_after);
                                                           return write_base(base);
                                                         }}));
    keep_base_hive(work_, base.base, after.base_hive);
    return std::optional(work_.end(Outcome::synced));
  }

  // Its holders may take for ever: no other machine is to wait for them, too. False: somebody has published meanwhile.
  Result<bool> wait_for_hive(const Survey& survey, std::unique_ptr<StoreLock>& lock) {
    lock.reset();
    BOOST_OUTCOME_TRY(let_go_of_hive(work_, Direction::logon));
    BOOST_OUTCOME_TRY(lock, lock_for_reading());
    return is_current(survey);
  }

  // Nobody has published since.
  Result<bool> is_current(const Survey& survey) {
    BOOST_OUTCOME_TRY(const auto head, load_head(work_, server_, survey.generation()));
    return (head ? head->id : GenerationId()) == survey.generation();
  }

  // The local versions that lost go to the server's history; the generation moves on, so that every publish has a number of its own.
  Result<void> publish_losers(const Survey& survey, const Numbers& numbers, const LostFiles& lost,
                              const BaseRecord& next) {
    BOOST_OUTCOME_TRY(const auto lock,
                      lock_server(server_, LockMode::exclusive, work_.holder_text(), work_.options.lock_patience));
    // Another machine may have come, and died, between the two locks.
    BOOST_OUTCOME_TRY(recover_and_tell(work_, server_, {server_, server_records()}, "server"));
    BOOST_OUTCOME_TRY(const bool is_as_planned, is_current(survey));
    BOOST_OUTCOME_TRY(const Numbers now, numbers_of(server_, survey.head, survey.base.id, true));
    if (!is_as_planned || now.next != numbers.next) {
      return Error(Errc::generation_moved, {.path = server_.location()});
    }
    BOOST_OUTCOME_TRY(const auto upward, CarriedAccess::make(work_, server_, Direction::logoff));
    // Its steps and its progress would be taken for those of the logon.
    EventSink notices = [this](const Event& event) {
      if (std::holds_alternative<Notice>(event)) work_.tell(event);
    };
    HistoryOptions history = work_.options.history;
    history.generation = numbers.next;
    BOOST_OUTCOME_TRY(publish(server_, {server_, server_records()}, {},
                              {.transaction = next.id.transaction,
                               .lanes = work_.options.lanes,
                               .history = history,
                               .lost = lost,
                               .head_name = std::string(head_name),
                               .make_head = [&](const Published&) -> Result<std::vector<std::byte>> {
                                 return write_head(work_.new_head(next.id, next.lineage, survey.server.tree));
                               },
                               .fit_attributes = fit_attributes_of(upward.get()),
                               .on_event = std::move(notices),
                               .stop = work_.options.stop}));
    work_.report.generation = next.id.generation;
    return success();
  }

  Workspace& work_;
  const MachineState& state_;
  Store& server_;
  bool mandatory_ = false;
  std::unique_ptr<CarriedAccess> access_;
  AskedDecisions decisions_;
  bool publishing_ = false;  // a plan is being carried out
};

int event_of_failure(const Error& why, int when_away) {
  if (is_away(why)) return when_away;
  const int room = event_for_room(why);
  return room != event_id::none ? room : event_id::roaming_unavailable;
}

// The server's profile cannot be had, or not safely: the cached copy, a temporary profile, or no logon.
Result<Report> without_server(Workspace& work, const std::string& location, const SessionRecord& before,
                              SessionRecord& session, Error why) {
  const bool away = is_away(why);
  if (is_super_mandatory(location)) {
    return work.end(Outcome::refused, event_id::super_mandatory_refused,
                    Error(away ? make_error_code(Errc::mandatory_unavailable) : why.code(), why.context()));
  }
  session.upload_forbidden = why.message();
  session.mandatory = before.mandatory || session.mandatory;
  BOOST_OUTCOME_TRY(const bool cached, has_cached_copy(work.local));
  session.temporary = before.temporary || !cached;
  if (session.temporary) {
    const std::string why_temporary =
        cached ? "the local copy is left of a session without the server" : "there is no local copy of the profile";
    work.notice(event_id::temporary_profile, Level::error,
                why_temporary + ": the profile is a temporary one, and what is changed in it is not kept");
    return work.end(Outcome::temporary, event_of_failure(why, event_id::server_copy_not_found), std::move(why));
  }
  const int id =
      event_of_failure(why, session.mandatory ? event_id::mandatory_missing : event_id::server_copy_not_found);
  work.notice(
      id == event_id::roaming_unavailable ? event_id::none : event_id::roaming_unavailable, Level::warning,
      "the local copy of the profile is used; its changes are not uploaded until a logon has reached the server");
  return work.end(Outcome::used_local, id, std::move(why));
}

// These say no to a logon without saying anything about the copies: try again, decide, or have it mended.
bool refuses_logon(const Error& error) {
  for (const Errc code : {Errc::wrong_owner, Errc::other_profile, Errc::decision_needed, Errc::too_many_deletions,
                          Errc::hive_in_use, Errc::publish_running, Errc::generation_moved}) {
    if (error.code() == code) return true;
  }
  return false;
}

Result<Report> log_on(Workspace& work, const MachineState& state, SessionRecord& session, Store& server) {
  BOOST_OUTCOME_TRY(recover_local(work));
  BOOST_OUTCOME_TRY(check_owner(work, server));
  BOOST_OUTCOME_TRY(const Link link, measure_link(work, server));
  if (link.slow && work.options.slow_link.then == OnSlowLink::local) {
    BOOST_OUTCOME_TRY(const bool cached, has_cached_copy(work.local));
    if (cached && !state.session.temporary) {
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
  session.temporary = false;
  session.loaded = work.host.now();

  const auto* absent = std::get_if<AbsentServer>(&endpoints.server);
  const std::string location = location_of(endpoints);
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
    Error why = away_if_out_of_reach(std::move(report).error(), location);
    if (why.code() == Errc::cancelled) return why;
    if (refuses_logon(why)) {
      session = state.session;  // nothing was decided about this session
      const int id = why.code() == Errc::wrong_owner ? event_id::wrong_owner : event_id::roaming_unavailable;
      report = work.end(Outcome::refused, id, std::move(why));
    } else {
      BOOST_OUTCOME_TRY(report, without_server(work, location, state.session, session, std::move(why)));
    }
  }
  session.last_operation = "logon";
  session.last_outcome = text_of(report.value().outcome);
  session.last_time = work.host.now();
  // A decision that is not kept would let a session upload that may not.
  if (!session.decides_as(state.session)) {
    BOOST_OUTCOME_TRY(save_session(work, state.session, session));
  } else {
    keep_session(work, state.session, session, report.value());
  }
  return report;
}

}  // namespace roamsync
