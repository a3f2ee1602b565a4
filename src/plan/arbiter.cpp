#include "plan/arbiter.hpp"

namespace roamsync {

Choice Arbiter::settle(const Triple& triple, ConflictKind kind) const {
  std::optional<Choice> answer = decisions_ ? decisions_(triple, kind) : std::nullopt;
  const Choice choice = answer ? *answer : policy_.choose(triple, kind);
  if (choice != Choice::keep_both && choice != Choice::merge) return choice;

  const bool both = triple.local != nullptr && triple.server != nullptr;
  if (!both) return triple.local != nullptr ? Choice::keep_local : Choice::keep_server;
  if (kind == ConflictKind::kind_differs) return Choice::keep_both;
  if (kind == ConflictKind::access_differs) return Choice::keep_server;
  if (!is_hive(triple.path())) return Choice::keep_both;
  if (choice == Choice::merge && triple.local->path.same_file(triple.server->path)) return Choice::merge;
  // A profile has one hive.
  return newest_wins().choose(triple, kind);
}

std::string_view outcome_text(Choice choice, const Triple& triple) noexcept {
  switch (choice) {
    case Choice::keep_local: return triple.local != nullptr ? "the local one is kept" : "it stays deleted";
    case Choice::keep_server: return triple.server != nullptr ? "the server's is kept" : "it stays deleted";
    case Choice::keep_both: return "both are kept";
    case Choice::merge: return "they are merged";
    case Choice::undecided: return "not decided";
  }
  return "not decided";
}

}  // namespace roamsync
