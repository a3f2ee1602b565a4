// Two small trees, and what a logoff would do about them.
#include <roamsync/plan.hpp>

#include <iostream>

int main() {
  using roamsync::Entry;
  using roamsync::ProfilePath;
  const roamsync::Tree local({
      Entry{.path = ProfilePath::literal("Desktop"), .kind = roamsync::EntryKind::directory},
      Entry{.path = ProfilePath::literal("Desktop/notes.txt"), .size = 12},
  });
  const roamsync::Tree server;
  const roamsync::Base base;
  std::cout << roamsync::make_plan({.local = local, .server = server, .base = base}, roamsync::newest_wins());
}
