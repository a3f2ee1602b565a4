#include "session/damaged_hive.hpp"

#include "session/hive_gate.hpp"

namespace roamsync {

Result<std::string> find_damage(Workspace& work, const Survey& survey) {
  const Entry* local = find_hive(survey.local.tree);
  if (local == nullptr || !local->is_file() || find_hive(survey.server.tree) == nullptr) return std::string();
  const Entry* base = survey.base.base.local.find(local->path);
  if (base != nullptr && same_stamp(*base, *local)) return std::string();
  return damage_of_hive(work.local, local->path);
}

void take_servers_hive(Plan& plan, const PlanInput& input) {
  const Entry* local = find_hive(input.local);
  const Entry* server = find_hive(input.server);
  constexpr std::string_view reason = "the local one is damaged and cannot be loaded";
  const auto is_it = [&](const auto& one) { return one.path.same_file(local->path); };
  std::erase_if(plan.kept, is_it);
  std::erase_if(plan.conflicts, is_it);
  std::erase_if(plan.actions, is_it);
  // A hive is the last.
  plan.actions.push_back({.verb = Verb::download,
                          .path = local->path,
                          .source = server,
                          .target = local,
                          .reason = SharedText(reason),
                          .loser_to_history = true});
  plan.conflicts.push_back({.path = local->path,
                            .kind = ConflictKind::both_changed,
                            .choice = Choice::keep_server,
                            .reason = std::string(reason),
                            .loser = local,
                            .loser_replaced = true});
}

}  // namespace roamsync
