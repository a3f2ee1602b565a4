#include "session/losers.hpp"

namespace roamsync {

std::vector<LostFile> local_losers(Workspace& work, const Plan& plan, const Tree& local) {
  // The local side is the source of a logoff and the target of a logon. What the server loses a transaction preserves by
  // itself, as everything it replaces.
  const bool local_is_replaced = plan.direction == Direction::logon;
  std::vector<LostFile> losers;
  const auto add = [&](const Entry& entry) {
    losers.push_back({.path = entry.path, .source = FromStore{&work.local, entry}});
  };
  for (const Conflict& conflict : plan.conflicts) {
    if (conflict.loser != nullptr) {
      if (conflict.loser_replaced == local_is_replaced) add(*conflict.loser);
    } else if (conflict.choice == Choice::keep_server) {
      for (const Entry& below : local.below(conflict.path)) {  // a folder that lost against a file
        if (below.is_file()) add(below);
      }
    }
  }
  return losers;
}

LostFiles as_generation(Workspace& work, const Survey& survey, std::vector<LostFile> losers,
                        const GenerationId& generation) {
  LostFiles lost{.files = std::move(losers)};
  lost.make_head = [&work, &survey, generation](std::vector<Entry> kept) {
    HeadRecord head = work.new_head(generation, {}, survey.server.tree);
    head.tree.edit(std::move(kept), {});
    return write_head(head);
  };
  return lost;
}

RoomNeeded room_for(const LostFiles& lost) {
  RoomNeeded needed;
  for (const LostFile& file : lost.files) {
    const auto* there = std::get_if<FromStore>(&file.source);
    needed +=
        {.bytes = there != nullptr ? there->entry.size : std::get<FromMemory>(file.source).bytes.size(), .files = 1};
  }
  return needed;
}

}  // namespace roamsync
