#include "plan/rules.hpp"

namespace roamsync {

Words::Words(const PlanInput& input)
    : since(input.generation == 0 ? "since the last sync" : "since generation " + std::to_string(input.generation)) {
  const bool to_server = input.direction == Direction::logoff;
  at_source = to_server ? "here" : "on the server";
  at_target = to_server ? "on the server" : "here";
  target_side = to_server ? "the server's" : "the local one";
  other_turn = to_server ? "its turn is the next logon" : "its turn is the next logoff";
}

std::string_view text_of(ConflictKind kind) noexcept {
  switch (kind) {
    case ConflictKind::both_changed: return "both_changed";
    case ConflictKind::changed_here_deleted_there: return "changed_here_deleted_there";
    case ConflictKind::deleted_here_changed_there: return "deleted_here_changed_there";
    case ConflictKind::kind_differs: return "kind_differs";
    case ConflictKind::same_time_differs: return "same_time_differs";
    case ConflictKind::no_base: return "no_base";
    case ConflictKind::local_newer: return "local_newer";
    case ConflictKind::access_differs: return "access_differs";
  }
  return "unknown";
}

std::string_view text_of(Choice choice) noexcept {
  switch (choice) {
    case Choice::keep_local: return "keep_local";
    case Choice::keep_server: return "keep_server";
    case Choice::keep_both: return "keep_both";
    case Choice::merge: return "merge";
    case Choice::undecided: return "undecided";
  }
  return "unknown";
}

std::string_view text_of(Verb verb) noexcept {
  switch (verb) {
    case Verb::upload: return "upload";
    case Verb::download: return "download";
    case Verb::make_server_directory:
    case Verb::make_local_directory: return "make_directory";
    case Verb::delete_on_server:
    case Verb::delete_locally: return "delete";
    case Verb::set_access_on_server:
    case Verb::set_access_locally: return "set_access";
    case Verb::keep_both_on_server:
    case Verb::keep_both_locally: return "keep_both";
    case Verb::merge_hive: return "merge";
    case Verb::conflict: return "conflict";
  }
  return "unknown";
}

}  // namespace roamsync
