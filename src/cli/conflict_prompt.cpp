#include "cli/conflict_prompt.hpp"

#include "cli/terminal.hpp"
#include "cli/words.hpp"

#include <cctype>
#include <memory>
#include <ostream>

namespace roamsync::cli {
namespace {

std::string side_in_words(const Entry* entry) {
  if (entry == nullptr) return "not there";
  if (entry->is_directory()) return "a folder";
  return size_in_words(entry->size) + ", " + time_in_words(entry->modified);
}

std::string_view in_words(ConflictKind kind) {
  switch (kind) {
    case ConflictKind::both_changed: return "changed on both sides";
    case ConflictKind::changed_here_deleted_there: return "changed here, deleted on the server";
    case ConflictKind::deleted_here_changed_there: return "deleted here, changed on the server";
    case ConflictKind::kind_differs: return "a file on one side, a folder on the other";
    case ConflictKind::same_time_differs: return "of the same time on both sides, with different content";
    case ConflictKind::no_base: return "different on both sides, and nothing tells which is newer";
    case ConflictKind::local_newer: return "newer here than on the server";
    case ConflictKind::access_differs: return "the same on both sides, but its access list was changed on both";
  }
  return "";
}

std::optional<Choice> choice_of(char letter) {
  switch (letter) {
    case 'l': return Choice::keep_local;
    case 's': return Choice::keep_server;
    case 'b': return Choice::keep_both;
    default: return std::nullopt;
  }
}

Choice ask(const Triple& conflict, ConflictKind kind, Context& context, std::optional<Choice>& for_all) {
  if (for_all) return *for_all;
  std::ostream& out = context.output.messages();
  context.output.make_room();
  out << conflict.path() << ": " << in_words(kind) << "\n  local:  " << side_in_words(conflict.local)
      << "\n  server: " << side_in_words(conflict.server) << '\n';
  for (;;) {
    out << "Keep [l]ocal, [s]erver or [b]oth? A capital letter answers for all that follow: " << std::flush;
    const auto line = read_line(context.stop);
    if (!line) {
      out << '\n';
      return Choice::undecided;
    }
    const char letter = line->empty() ? ' ' : line->front();
    const auto choice = choice_of(static_cast<char>(std::tolower(static_cast<unsigned char>(letter))));
    if (!choice) continue;
    if (std::isupper(static_cast<unsigned char>(letter)) != 0) for_all = choice;
    return *choice;
  }
}

}  // namespace

std::function<Choice(const Triple&, ConflictKind)> conflict_prompt(Context& context) {
  return [&context, for_all = std::make_shared<std::optional<Choice>>()](const Triple& conflict, ConflictKind kind) {
    return ask(conflict, kind, context, *for_all);
  };
}

}  // namespace roamsync::cli
