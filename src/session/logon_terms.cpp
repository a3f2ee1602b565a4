#include "session/logon_terms.hpp"

#include "session/planning.hpp"
#include "session/server_side.hpp"

namespace roamsync {
namespace {

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

}  // namespace

Result<void> check_server_hive(const Survey& survey, Store& server) {
  if (find_hive(survey.server.tree) != nullptr || find_hive(survey.base.base.server) == nullptr) return success();
  return Error(
      Errc::hive_missing,
      {.step = "scan",
       .path = server.location_of(ProfilePath::literal("NTUSER.DAT")),
       .expected = "the hive, which was there in generation " + std::to_string(survey.base.id.generation),
       .found = "no such file, though other files of the profile",
       .cure = "bring it back from the history (roamsync history, roamsync restore); where none is kept there, "
               "copy the NTUSER.DAT of a machine that has it into the folder"});
}

LogonTerms settle_terms(Workspace& work, Survey& survey, const SessionRecord& session, std::string_view location) {
  const Entry* hive = find_hive(survey.server.tree);
  if ((hive != nullptr && is_mandatory_hive(hive->path)) || is_super_mandatory(location)) {
    survey.base.base = forget_local_changes(survey.base.base, survey.local.tree);
    survey.as_remembered = false;
    return {.mandatory = true, .policy = &server_wins()};
  }
  if (session.temporary) {
    work.notice(
        event_id::none, Level::warning,
        "the profile here is the temporary one of a session without the server: the server's takes its place, and a "
        "file that differs is kept in the history");
    survey.base.base = {};
    survey.as_remembered = false;
    return {.policy = &server_wins()};
  }
  return {.policy = &policy_of(work.options)};
}

}  // namespace roamsync
