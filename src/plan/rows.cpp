#include "plan/rows.hpp"

#include <algorithm>
#include <array>

namespace roamsync {
namespace {

// True when `path` stands below `folder`; neighbours mostly share their folder's spelling, which is quickly seen.
bool stands_below(const ProfilePath& folder, const ProfilePath& path) noexcept {
  const std::string_view outer = folder.text();
  const std::string_view inner = path.text();
  if (inner.size() > outer.size() && inner[outer.size()] == '/' && inner.starts_with(outer)) return true;
  return folder.contains(path) && !folder.same_file(path);
}

bool has_files(const Tree& tree) noexcept {
  return std::any_of(tree.entries().begin(), tree.entries().end(), [](const Entry& entry) { return entry.is_file(); });
}

}  // namespace

std::vector<Row> rows_of(const Tree& local, const Tree& server, const Base& base) {
  const std::array lists{local.entries(), server.entries(), base.local.entries(), base.server.entries()};
  std::array<std::size_t, 4> at{};
  std::vector<Row> rows;
  rows.reserve(std::max({lists[0].size(), lists[1].size(), lists[2].size(), lists[3].size()}));
  const bool local_is_missing = !has_files(local);
  const bool server_is_missing = !has_files(server);
  std::vector<std::size_t> open;  // the chain of rows above the current one
  for (;;) {
    const ProfilePath* lowest = nullptr;
    std::array<bool, 4> has{};
    for (std::size_t list = 0; list < lists.size(); ++list) {
      if (at[list] == lists[list].size()) continue;
      const ProfilePath& path = lists[list][at[list]].path;
      const int order = lowest == nullptr ? -1 : PathOrder::compare(path, *lowest);
      if (order < 0) {
        lowest = &path;
        has = {};
      }
      has[list] = order <= 0;
    }
    if (lowest == nullptr) return rows;

    std::array<const Entry*, 4> entries{};
    for (std::size_t list = 0; list < lists.size(); ++list) {
      if (has[list]) entries[list] = &lists[list][at[list]++];
    }
    const bool is_missing = (local_is_missing && entries[0] == nullptr) || (server_is_missing && entries[1] == nullptr);
    if (entries[2] == nullptr || entries[3] == nullptr || is_missing) {
      if (entries[0] == nullptr && entries[1] == nullptr) continue;
      entries[2] = entries[3] = nullptr;
    }
    while (!open.empty() && !stands_below(rows[open.back()].triple.path(), *lowest)) open.pop_back();
    rows.push_back(
        {.triple = {entries[0], entries[1], entries[2], entries[3]}, .parent = open.empty() ? no_row : open.back()});
    if (std::any_of(entries.begin(), entries.end(),
                    [](const Entry* entry) { return entry && entry->is_directory(); })) {
      open.push_back(rows.size() - 1);
    }
  }
}

std::size_t end_of_subtree(const std::vector<Row>& rows, std::size_t head) noexcept {
  std::size_t end = head + 1;
  // What stands below has a parent in the subtree.
  while (end < rows.size() && rows[end].parent != no_row && rows[end].parent >= head) ++end;
  return end;
}

}  // namespace roamsync
