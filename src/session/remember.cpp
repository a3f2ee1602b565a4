#include "session/remember.hpp"

#include "session/base_hive.hpp"

namespace roamsync {

Result<void> remember(Workspace& work, const Survey& survey, const PlanInput& input, const Plan& plan,
                      const Tree& local_after, const Tree& server_after, BaseRecord now) {
  if (plan.empty() && plan.conflicts.empty() && now.id == survey.base.id && survey.as_remembered &&
      !survey.lists_settled) {
    keep_base_hive(work, survey.base.base);
    return success();
  }
  now.base = next_base(input, plan, local_after, server_after);
  const BaseRecord& before = survey.base;
  if (survey.lists_settled || now.id != before.id || now.lineage != before.lineage ||
      !same_content(now.base.local, before.base.local) || !same_content(now.base.server, before.base.server)) {
    BOOST_OUTCOME_TRY(save_base(work, now));
  }
  keep_base_hive(work, now.base);
  return success();
}

}  // namespace roamsync
