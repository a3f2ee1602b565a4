#include "session/delete_cache.hpp"

namespace roamsync {

Result<void> delete_cache(Workspace& work, const Survey& survey) {
  if (!survey.local.unusable.empty()) {
    work.notice(event_id::none, Level::warning,
                "the local copy is not deleted: " + std::to_string(survey.local.unusable.size()) +
                    " things in it cannot roam and exist nowhere else, the first of them " +
                    survey.local.unusable.front().path);
    return success();
  }
  work.step("delete the local copy");
  BOOST_OUTCOME_TRY(save_base(work, {}));
  BOOST_OUTCOME_TRY(const Listing root, work.local.list(ProfilePath()));
  const ProfilePath doomed =
      ProfilePath().child_unchecked("deleted." + work.new_transaction() + std::string(temporary_suffix));
  BOOST_OUTCOME_TRY(work.local.make_directory(doomed, 0700));
  for (const Entry& entry : root.entries) {
    if (is_own_name(entry.path)) continue;
    BOOST_OUTCOME_TRY(work.local.replace(entry.path, doomed.child_unchecked(entry.path.name())));
  }
  return remove_tree(work.local, doomed);
}

}  // namespace roamsync
