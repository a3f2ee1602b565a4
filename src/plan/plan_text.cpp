#include <roamsync/plan.hpp>
#include <roamsync/printable.hpp>

#include <algorithm>
#include <ostream>

namespace roamsync {
namespace {

constexpr std::size_t column = 16;

std::ostream& begin_line(std::ostream& out, std::string_view word) {
  return out << word << std::string(column - std::min(column - 1, word.size()), ' ');
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Plan& plan) {
  for (const Action& action : plan.actions) {
    begin_line(out, text_of(action.verb)) << action.path;
    if (action.source != nullptr && action.source->path != action.path) out << "  from " << action.source->path;
    if (action.other_path) out << "  and " << *action.other_path;
    out << "  (" << printable(action.reason.view()) << ')' << (action.loser_to_history ? "  loser to history" : "")
        << '\n';
  }
  for (const Conflict& conflict : plan.conflicts) {
    begin_line(out, "! conflict") << conflict.path << "  " << text_of(conflict.kind) << ", " << text_of(conflict.choice)
                                  << "  (" << printable(conflict.reason) << ")\n";
  }
  for (const Kept& kept : plan.kept) {
    begin_line(out, kept.obstructed ? "! obstructed" : "kept") << kept.path << "  (" << printable(kept.reason) << ")\n";
  }
  return out;
}

}  // namespace roamsync
