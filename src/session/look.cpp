#include "session/look.hpp"

#include <roamsync/memory_store.hpp>

#include "session/carry_out.hpp"
#include "session/damaged_hive.hpp"
#include "session/logon_terms.hpp"
#include "session/planning.hpp"
#include "session/rights.hpp"
#include "session/server_side.hpp"
#include "session/standing.hpp"
#include "session/upload_bar.hpp"

namespace roamsync {
namespace {

void list_changes(const Tree& now, const Tree& base, std::vector<ProfilePath>& changed) {
  for (const Entry& entry : now.entries()) {
    const Entry* before = base.find(entry.path);
    if (before == nullptr || !same_stamp(*before, entry) || !same_access(*before, entry)) changed.push_back(entry.path);
  }
  for (const Entry& before : base.entries()) {
    if (now.find(before.path) == nullptr) changed.push_back(before.path);
  }
  std::sort(changed.begin(), changed.end(), PathOrder());
}

Preview preview_of(Workspace& work, Outcome outcome, std::optional<Error> cause, Plan plan) {
  return {.outcome = outcome,
          .cause = std::move(cause),
          .missing_rights = work.report.missing_rights,
          .plan = std::move(plan),
          .generation = work.report.generation,
          .unusable = work.report.unusable,
          .notices = work.report.notices};
}

Preview nothing_to_do(Workspace& work, Direction direction, std::string text) {
  work.notice(event_id::none, Level::information, std::move(text));
  return preview_of(work, Outcome::nothing_to_do, {}, {.direction = direction});
}

Preview refused(Workspace& work, Error cause, Plan plan) {
  work.notice(event_id::none, Level::warning, cause.message());
  return preview_of(work, Outcome::refused, std::move(cause), std::move(plan));
}

Preview planned(Workspace& work, const Store& server, const Survey& survey, Plan plan) {
  if (const auto checked = check_plan_deletions(work, plan, survey, server); !checked) {
    return refused(work, checked.error(), std::move(plan));
  }
  const Outcome outcome = plan.empty() ? Outcome::nothing_to_do : Outcome::synced;
  return preview_of(work, outcome, {}, std::move(plan));
}

Result<Preview> look_at_logoff(Workspace& work, Store& server, const SessionRecord& session, Survey& survey) {
  constexpr Direction direction = Direction::logoff;
  if (const auto checked = check_quota(work, survey.local.tree); !checked) {
    return refused(work, checked.error(), {.direction = direction});
  }
  if (const Entry* hive = find_hive(survey.server.tree); hive != nullptr && is_mandatory_hive(hive->path)) {
    return nothing_to_do(work, direction, "the server's profile is mandatory: nothing is uploaded");
  }
  leave_mandatory_hive(survey);
  const PlanInput input = survey.input(work, direction, session, resolution_of(work.local, server));
  BOOST_OUTCOME_TRY(compare_contents(work, server, survey, input));
  tell_obstacles(work, survey, server);
  Plan plan = make_plan(input, policy_of(work.options));
  if (const auto allowed = check_rights_of_plan(work, server, plan); !allowed) {
    return refused(work, allowed.error(), std::move(plan));
  }
  return planned(work, server, survey, std::move(plan));
}

Result<Preview> look_at_logon(Workspace& work, Store& server, const SessionRecord& session, Survey& survey) {
  constexpr Direction direction = Direction::logon;
  if (survey.server.tree.empty()) {
    return nothing_to_do(work, direction, server.location() + " holds no profile yet; it is made at the first logoff");
  }
  BOOST_OUTCOME_TRY(check_server_hive(survey, server));
  const LogonTerms terms = settle_terms(work, survey, session, server.location());
  const PlanInput input = survey.input(work, direction, session, resolution_of(work.local, server));
  BOOST_OUTCOME_TRY(const std::string damage, find_damage(work, survey));
  BOOST_OUTCOME_TRY(compare_contents(work, server, survey, input));
  Plan plan = make_plan(input, *terms.policy);
  if (!damage.empty()) take_servers_hive(plan, input);
  tell_obstacles(work, survey, server);
  return planned(work, server, survey, std::move(plan));
}

}  // namespace

Result<Preview> look_ahead(Workspace& work, const Endpoints& endpoints, Direction direction, Looked& looked) {
  BOOST_OUTCOME_TRY(MachineState state, load_state(work, false));
  if (direction == Direction::logoff) {
    if (const auto bar = upload_bar(work, state.session, location_of(endpoints))) {
      return bar->cause ? refused(work, *bar->cause, {.direction = direction})
                        : nothing_to_do(work, direction, bar->text);
    }
    if (const auto allowed = check_before_log_off(work, endpoints); !allowed) {
      return refused(work, allowed.error(), {.direction = direction});
    }
  }
  std::unique_ptr<Store> nothing;
  if (const auto* absent = std::get_if<AbsentServer>(&endpoints.server)) {
    if (!is_first_use(*absent)) return absent_error(*absent);
    nothing = make_memory_store({.location = absent->location});
  }
  Store& server = nothing ? *nothing : *std::get<Store*>(endpoints.server);
  if (direction == Direction::logon && !nothing) {
    if (const auto owned = check_owner(work, server); !owned)
      return refused(work, owned.error(), {.direction = direction});
  }
  BOOST_OUTCOME_TRY(const auto access, CarriedAccess::make(work, server, direction));
  BOOST_OUTCOME_TRY(Survey seen, make_survey(work, server, ServerScan::whole, access.get()));
  looked.survey = std::make_unique<Survey>(std::move(seen));
  Survey& survey = *looked.survey;
  work.report.generation = survey.generation().generation;
  BOOST_OUTCOME_TRY(settle_standing(work, survey, server.location()));
  BOOST_OUTCOME_TRY(const bool interrupted, has_intent(server, server_records()));
  if (interrupted) {
    work.notice(
        event_id::none, Level::warning,
        "a publish was interrupted on the server; it is finished or cleared first, and the plan may then differ");
  }
  return direction == Direction::logoff ? look_at_logoff(work, server, state.session, survey)
                                        : look_at_logon(work, server, state.session, survey);
}

Result<Status> look_back(Workspace& work, const Endpoints& endpoints) {
  BOOST_OUTCOME_TRY(MachineState state, load_state(work, false));
  Status status{.upload_forbidden = !state.session.upload_forbidden.empty(),
                .upload_forbidden_because = state.session.upload_forbidden,
                .read_only = state.session.read_only,
                .mandatory = state.session.mandatory,
                .last_outcome = state.session.last_outcome,
                .last_operation = state.session.last_operation,
                .last_time = state.session.last_time};
  if (const auto* absent = std::get_if<AbsentServer>(&endpoints.server)) {
    if (!is_first_use(*absent)) return absent_error(*absent);
    BOOST_OUTCOME_TRY(const ScanResult local,
                      scan(work.local, {.filter = &work.options.filter, .stop = work.options.stop}));
    BOOST_OUTCOME_TRY(const BaseRecord base, load_base(work));
    status.base_generation = base.id.generation;
    list_changes(local.tree, base.base.local, status.changed_here);
    status.notices = work.report.notices;
    return status;
  }
  Store& server = *std::get<Store*>(endpoints.server);
  BOOST_OUTCOME_TRY(const auto access, CarriedAccess::make(work, server, Direction::logoff));
  BOOST_OUTCOME_TRY(Survey survey, make_survey(work, server, ServerScan::whole, access.get()));
  status.base_generation = survey.base.id.generation;
  if (survey.head) {
    status.server_generation = survey.head->id.generation;
    status.last_writer = survey.head->machine;
    status.last_written = survey.head->written;
  }
  list_changes(survey.local.tree, survey.base.base.local, status.changed_here);
  list_changes(survey.server.tree, survey.base.base.server, status.changed_on_server);
  BOOST_OUTCOME_TRY(status.publish_interrupted, has_intent(server, server_records()));
  // What is listed is in comparison with the base; whether the next session takes its word is told beside it.
  if (const auto counts = settle_standing(work, survey, server.location()); !counts) {
    work.notice(event_id::none, Level::warning, counts.error().message());
  }
  status.notices = work.report.notices;
  return status;
}

}  // namespace roamsync
