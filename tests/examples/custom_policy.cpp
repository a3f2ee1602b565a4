// A policy of one's own: the hive and program settings follow the server, documents are never decided over anybody's
// head. A policy is a pure function of what is known about one name; here it is tried on small trees.
#include <roamsync/plan.hpp>

#include <iostream>

using namespace roamsync;

class DocumentsStayPolicy : public Policy {
 public:
  Choice choose(const Triple& conflict, ConflictKind kind) const override {
    const ProfilePath& path = conflict.path();
    if (is_hive(path) || ProfilePath::literal("AppData").contains(path)) return Choice::keep_server;
    if (kind == ConflictKind::changed_here_deleted_there) return Choice::keep_local;
    if (kind == ConflictKind::deleted_here_changed_there) return Choice::keep_server;
    return Choice::keep_both;
  }
};

Entry file(const char* path, std::uint64_t size, std::int64_t hour) {
  return {.path = ProfilePath::literal(path), .size = size, .modified = FileTime::from_unix(hour * 3600, 0)};
}

Entry folder(const char* path) { return {.path = ProfilePath::literal(path), .kind = EntryKind::directory}; }

int main() {
  const Tree before({folder("AppData"), file("AppData/mail.ini", 10, 1), folder("Documents"),
                     file("Documents/letter.txt", 10, 1), file("Documents/notes.txt", 10, 1)});
  const Tree here({folder("AppData"), file("AppData/mail.ini", 11, 2), folder("Documents"),
                   file("Documents/letter.txt", 12, 2), file("Documents/notes.txt", 14, 2)});
  const Tree server(
      {folder("AppData"), file("AppData/mail.ini", 13, 3), folder("Documents"), file("Documents/letter.txt", 15, 3)});
  const Base base{.local = before, .server = before};
  const DocumentsStayPolicy policy;
  std::cout << make_plan({.local = here, .server = server, .base = base, .generation = 7}, policy);
}
