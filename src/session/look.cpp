#include "session/look.hpp"

#include <roamsync/memory_store.hpp>

#include "session/carry_out.hpp"
#include "session/planning.hpp"
#include "session/rights.hpp"
#include "session/server_side.hpp"

namespace roamsync {
namespace {

void list_changes(const Tree& now, const Tree& base, std::vector<ProfilePath>& changed) {
  for (const Entry& entry : now.entries()) {
    const Entry* before = base.find(entry.path);
    if (before == nullptr || !same_stamp(*before, entry)) changed.push_back(entry.path);
  }
  for (const Entry& before : base.entries()) {
    if (now.find(before.path) == nullptr) changed.push_back(before.path);
  }
  std::sort(changed.begin(), changed.end(), PathOrder());
}

}  // namespace

Result<Preview> look_ahead(Workspace& work, const Endpoints& endpoints, Direction direction, Looked& looked) {
  BOOST_OUTCOME_TRY(MachineState state, load_state(work, false));
  std::unique_ptr<Store> nothing;
  if (const auto* absent = std::get_if<AbsentServer>(&endpoints.server)) {
    if (!is_first_use(*absent)) return absent_error(*absent);
    nothing = make_memory_store({.location = absent->location});
  }
  Store& server = nothing ? *nothing : *std::get<Store*>(endpoints.server);
  BOOST_OUTCOME_TRY(Survey survey, make_survey(work, server, ServerScan::whole));
  looked.survey = std::make_unique<Survey>(std::move(survey));
  if (is_emptied(*looked.survey)) return emptied_error(*looked.survey, server.location());
  BOOST_OUTCOME_TRY(const bool interrupted, has_intent(server, server_records()));
  if (interrupted) {
    work.notice(
        event_id::none, Level::warning,
        "a publish was interrupted on the server; it is finished or cleared first, and the plan may then differ");
  }
  const PlanInput input = looked.survey->input(work, direction, state.session, resolution_of(work.local, server));
  BOOST_OUTCOME_TRY(compare_contents(work, server, *looked.survey, input));
  Preview preview;
  preview.plan = make_plan(input, policy_of(work.options));
  if (direction == Direction::logoff) {
    auto allowed = check_before_log_off(work, endpoints);
    if (allowed && !nothing) allowed = check_rights_of_plan(work, server, preview.plan);
    if (!allowed) preview.refusal = std::move(allowed).error();
    preview.missing_rights = work.report.missing_rights;
  }
  preview.generation = looked.survey->generation().generation;
  tell_obstacles(work, *looked.survey, server);
  preview.unusable = work.report.unusable;
  preview.notices = work.report.notices;
  return preview;
}

Result<Status> look_back(Workspace& work, const Endpoints& endpoints) {
  BOOST_OUTCOME_TRY(MachineState state, load_state(work, false));
  Status status{.upload_forbidden = !state.session.upload_forbidden.empty(),
                .upload_forbidden_because = state.session.upload_forbidden,
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
    return status;
  }
  Store& server = *std::get<Store*>(endpoints.server);
  BOOST_OUTCOME_TRY(const Survey survey, make_survey(work, server, ServerScan::whole));
  status.base_generation = survey.base.id.generation;
  if (survey.head) {
    status.server_generation = survey.head->id.generation;
    status.last_writer = survey.head->machine;
    status.last_written = survey.head->written;
  }
  list_changes(survey.local.tree, survey.base.base.local, status.changed_here);
  list_changes(survey.server.tree, survey.base.base.server, status.changed_on_server);
  BOOST_OUTCOME_TRY(status.publish_interrupted, has_intent(server, server_records()));
  return status;
}

}  // namespace roamsync
