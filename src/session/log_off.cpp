#include "session/carry_out.hpp"
#include "session/delete_cache.hpp"
#include "session/hive_gate.hpp"
#include "session/leftovers.hpp"
#include "session/losers.hpp"
#include "session/numbering.hpp"
#include "session/remember.hpp"
#include "session/rights.hpp"
#include "session/room.hpp"
#include "session/runs.hpp"
#include "session/server_side.hpp"
#include "session/standing.hpp"
#include "session/upload_bar.hpp"

namespace roamsync {
namespace {

class LogOff {
 public:
  LogOff(Workspace& work, const MachineState& state, Store& server) : work_(work), state_(state), server_(server) {}

  Result<Report> run() {
    BOOST_OUTCOME_TRY(access_, CarriedAccess::make(work_, server_, Direction::logoff));
    return plan_until_done(
        work_, server_, [this] { return try_once(); }, publishing_);
  }

 private:
  // Nothing when conflicts were put to the caller, or another lock is needed: then the plan is made again.
  Result<std::optional<Report>> try_once() {
    publishing_ = false;
    BOOST_OUTCOME_TRY(Survey survey, make_survey(work_, server_, how_to_look(), access_.get(),
                                                 [this](const LocalSide& local) { return lock(local); }));
    work_.report.generation = survey.generation().generation;
    // A refusal, too, leaves a clean folder.
    BOOST_OUTCOME_TRY(sweep(work_.local, leftovers_among(survey.local.temporaries)));
    BOOST_OUTCOME_TRY(settle_standing(work_, survey, server_.location()));
    if (const auto leftovers = leftovers_among(survey.server.temporaries); !leftovers.empty()) {
      if (!may_write_) return with_right_to_write();
      BOOST_OUTCOME_TRY(sweep(server_, leftovers));
    }
    BOOST_OUTCOME_TRY(check_quota(work_, survey.local.tree));
    if (const Entry* hive = find_hive(survey.server.tree); hive != nullptr && is_mandatory_hive(hive->path)) {
      work_.notice(event_id::none, Level::information, "the server's profile is mandatory: nothing is uploaded");
      return std::optional(work_.end(Outcome::nothing_to_do));
    }
    leave_mandatory_hive(survey);
    const PlanInput input = survey.input(work_, Direction::logoff, state_.session, resolution_of(work_.local, server_));
    // What is as the base has it on both sides needs no plan: every file would be "unchanged".
    if (survey.as_remembered && work_.options.rules == Rules::base) {
      return publish_changes(survey, input, {.direction = Direction::logoff});
    }
    BOOST_OUTCOME_TRY(compare_contents(work_, server_, survey, input));
    work_.step("plan");
    const Plan plan = make_plan(input, policy_of(work_.options),
                                [&](const Triple& triple, ConflictKind) { return decisions_.find(triple); });
    work_.report.conflicts = plan.conflicts;
    if (!plan.undecided()) return publish_changes(survey, input, plan);
    // Asking may take a person's time: not under the lock. Should another machine publish meanwhile, the next round
    // plans against what it left.
    lock_.reset();
    if (!decisions_.ask(plan, input, work_.options.decide)) return decision_needed(plan);
    return std::optional<Report>();
  }

  // The lock alone writes into its file who holds it. Where nothing is new here there will hardly be anything to write, and a lock
  // for reading suffices.
  Result<void> lock(const LocalSide& local) {
    const auto patience = work_.options.lock_patience;
    lock_.reset();
    may_write_ = wants_to_write_ || !local.nothing_is_new;
    if (!may_write_) {
      BOOST_OUTCOME_TRY(lock_, lock_server(server_, LockMode::shared, work_.holder_text(), patience));
      BOOST_OUTCOME_TRY(const bool leftovers, has_leftovers(server_, server_records()));
      if (lock_ && !leftovers) return success();
      lock_.reset();
      may_write_ = true;
    }
    BOOST_OUTCOME_TRY(lock_, lock_server(server_, LockMode::exclusive, work_.holder_text(), patience,
                                         [&] { return check_space_for_first(work_, server_, local.tree); }));
    BOOST_OUTCOME_TRY(recover_and_tell(work_, server_, {server_, server_records()}, "server"));
    return success();
  }

  // There is something to write after all: once more, with the lock for it.
  std::optional<Report> with_right_to_write() {
    wants_to_write_ = true;
    lock_.reset();
    return std::nullopt;
  }

  // Windows' own rules know no generations. A local copy is deleted only after a look at the whole server.
  ServerScan how_to_look() const {
    const bool generations_decide = work_.options.rules == Rules::base && !work_.options.delete_cache;
    return generations_decide ? ServerScan::by_generation : ServerScan::whole;
  }

  Result<std::optional<Report>> publish_changes(const Survey& survey, const PlanInput& input, const Plan& plan) {
    tell_obstacles(work_, survey, server_);
    work_.report.kept = plan.kept.size();
    tell_skipped(work_, plan);
    BOOST_OUTCOME_TRY(check_plan_deletions(work_, plan, survey, server_));
    BOOST_OUTCOME_TRY(check_rights_of_plan(work_, server_, plan));

    const std::vector<Entry> losers = local_losers(plan, survey.local.tree);
    // A head that is gone is made anew, or the next machine would know nothing of this profile's past.
    const bool head_is_lost = !survey.head && survey.base.id.generation != 0;
    if (plan.empty() && losers.empty() && !head_is_lost) {
      return end(survey, input, plan, survey.local.tree, survey.server.tree,
                 {.id = survey.generation(), .lineage = survey.last_lineage()});
    }

    if (!may_write_) return with_right_to_write();
    publishing_ = true;
    const std::string transaction = work_.new_transaction();
    BOOST_OUTCOME_TRY(Numbers numbers,
                      numbers_of(server_, survey.head, survey.base.id, survey.server.tree.file_count() > 0));
    LostFiles lost;
    if (!losers.empty()) {
      numbers.current = numbers.next++;
      lost = as_generation(work_, survey, losers, {numbers.current, transaction});
    }
    const BaseRecord next{.id = {numbers.next, transaction},
                          .lineage = lineage_after(survey.last_id(), survey.last_lineage(), work_.new_transaction())};
    HistoryOptions history = work_.options.history;
    history.generation = numbers.current;
    BOOST_OUTCOME_TRY(const CarriedOut after,
                      carry_out(work_, survey, input, plan,
                                {.server = server_,
                                 .access = access_.get(),
                                 .transaction = transaction,
                                 .history = history,
                                 .lost = std::move(lost),
                                 .record_name = head_name,
                                 .make_record = [&](const CarriedOut& trees) {
                                   return write_head(work_.new_head(next.id, next.lineage, trees.server_after));
                                 }}));
    return end(survey, input, plan, after.local_after, after.server_after, next);
  }

  Result<std::optional<Report>> end(const Survey& survey, const PlanInput& input, const Plan& plan,
                                    const Tree& local_after, const Tree& server_after, const BaseRecord& now) {
    publishing_ = false;
    const bool changed = now.id != survey.generation();
    work_.report.generation = now.id.generation;
    if (!changed) work_.report.hive = hive_choice(input, plan);
    if (const auto remembered = remember(work_, survey, input, plan, local_after, server_after, now); !remembered) {
      // What is published is published: the next session finds the same bytes on both sides.
      work_.notice(event_id::none, Level::warning,
                   "the server's profile is in step, but this machine could not note that: " +
                       remembered.error().message() + "; the next session compares the files that changed by content");
      if (work_.options.delete_cache) {
        work_.notice(event_id::none, Level::warning,
                     "the local copy " + work_.local.location() + " is not deleted, for the same reason");
      }
    } else if (work_.options.delete_cache) {
      delete_cache(work_, server_after, survey.server_obstacles);
    }
    return std::optional(work_.end(changed ? Outcome::synced : Outcome::nothing_to_do));
  }

  Workspace& work_;
  const MachineState& state_;
  Store& server_;
  std::unique_ptr<CarriedAccess> access_;
  AskedDecisions decisions_;
  std::unique_ptr<StoreLock> lock_;  // of the server
  bool may_write_ = false;           // it is held alone
  bool wants_to_write_ = false;
  bool publishing_ = false;  // a plan is being carried out
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
    BOOST_OUTCOME_TRY(check_space(*above, room_for(local.tree)));
  }
  return create_profile_folder(work, absent);
}

int event_of(const Error& error) {
  if (error.code() == Errc::wrong_owner) return event_id::wrong_owner;
  const int room = event_for_room(error);
  return room != event_id::none ? room : event_id::not_updated_completely;
}

// The server is away: the same as at a logon. Anything else has to be seen to.
Report refusal(Workspace& work, Error why) {
  if (is_away(why)) {
    return work.end(Outcome::used_local, event_id::server_copy_not_found, std::move(why));
  }
  return work.end(Outcome::refused, event_of(why), why.within({.cure = cure_for_room(why)}));
}

Result<Report> log_off(Workspace& work, const MachineState& state, Endpoints& endpoints) {
  BOOST_OUTCOME_TRY(check_before_log_off(work, endpoints));
  BOOST_OUTCOME_TRY(recover_local(work));
  BOOST_OUTCOME_TRY(let_go_of_hive(work, Direction::logoff));
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
  const std::string location = location_of(endpoints);
  SessionRecord session = state.session;
  const auto bar = upload_bar(work, session, location);
  Result<Report> report = Report();
  if (!bar) {
    report = log_off(work, state, endpoints);
  } else if (bar->cause) {
    report = work.end(Outcome::refused, event_id::roaming_unavailable, *bar->cause);
  } else {
    work.notice(event_id::none, Level::information, bar->text);
    report = work.end(Outcome::nothing_to_do);
  }
  if (!report) {
    if (report.error().code() == Errc::cancelled) return report;
    report = refusal(work, away_if_out_of_reach(std::move(report).error(), location));
  }
  session.last_operation = "logoff";
  session.last_outcome = text_of(report.value().outcome);
  session.last_time = work.host.now();
  const bool in_step = report.value().outcome == Outcome::synced || report.value().outcome == Outcome::nothing_to_do;
  // Files of a session that uploads nothing are as old as those of one that did.
  if (in_step && !bar) session.logged_off = session.last_time;
  keep_session(work, state.session, session, report.value());
  return report;
}

}  // namespace roamsync
