#include "session/delete_cache.hpp"

#include <algorithm>

namespace roamsync {

Result<void> delete_cache(Workspace& work, const Survey& survey, const Tree& local, const Base& agreed) {
  if (!survey.local.unusable.empty()) {
    work.notice(event_id::none, Level::warning,
                "the local copy is not deleted: " + std::to_string(survey.local.unusable.size()) +
                    " things in it cannot roam and exist nowhere else, the first of them " +
                    survey.local.unusable.front().path);
    return success();
  }
  // What the rules left alone (a file that is older than the server's, or has a folder's name there) is nowhere else.
  const auto only_here = std::find_if(local.entries().begin(), local.entries().end(), [&](const Entry& entry) {
    const Entry* known = agreed.local.find(entry.path);
    return entry.is_file() && (known == nullptr || !same_stamp(*known, entry));
  });
  if (only_here != local.entries().end()) {
    work.notice(event_id::none, Level::warning,
                "the local copy is not deleted: not all of it has been uploaded, such as " + only_here->path.text());
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
  // Without a base a copy that comes back in a power cut would bring back what others have deleted since.
  const ProfilePath root_folder;
  BOOST_OUTCOME_TRY(work.local.flush_directories(std::span(&root_folder, 1)));
  return remove_tree(work.local, doomed);
}

}  // namespace roamsync
