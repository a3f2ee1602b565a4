#include "session/losers.hpp"

namespace roamsync {

std::vector<Entry> local_losers(const Plan& plan, const Tree& local) {
  // The local side is the source of a logoff and the target of a logon. What the server loses a transaction preserves by
  // itself, as everything it replaces.
  const bool local_is_replaced = plan.direction == Direction::logon;
  std::vector<Entry> losers;
  for (const Conflict& conflict : plan.conflicts) {
    if (conflict.loser != nullptr) {
      if (conflict.loser_replaced == local_is_replaced) losers.push_back(*conflict.loser);
    } else if (conflict.choice == Choice::keep_server) {
      for (const Entry& below : local.below(conflict.path)) {  // a folder that lost against a file
        if (below.is_file()) losers.push_back(below);
      }
    }
  }
  return losers;
}

LostFiles as_generation(Workspace& work, const Survey& survey, std::span<const Entry> losers,
                        const GenerationId& generation) {
  LostFiles lost;
  for (const Entry& loser : losers) lost.files.push_back({.store = &work.local, .entry = loser});
  lost.make_head = [&work, &survey, generation](std::vector<Entry> read) {
    HeadRecord head = work.new_head(generation, {}, survey.server.tree);
    head.tree.edit(std::move(read), {});
    return write_head(head);
  };
  return lost;
}

RoomNeeded room_for(const LostFiles& lost) {
  RoomNeeded needed;
  for (const FromStore& file : lost.files) needed += {.bytes = file.entry.size, .files = 1};
  return needed;
}

}  // namespace roamsync
