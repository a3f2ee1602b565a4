#include <roamsync/tree.hpp>

#include "base/upcase.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <ostream>

namespace roamsync {
namespace {

// Sorts names that differ only in case by their bytes, so that which of them stays does not depend on the order they came in.
bool before(const Entry& left, const Entry& right) noexcept {
  const int order = PathOrder::compare(left.path, right.path);
  return order != 0 ? order < 0 : left.path.text() < right.path.text();
}

bool strictly_sorted(std::span<const Entry> entries) noexcept {
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (PathOrder::compare(entries[i - 1].path, entries[i].path) >= 0) return false;
  }
  return true;
}

// True when `path` is `folder` or stands below it; a cheap test first, as neighbours in a tree mostly share their folder's spelling.
bool reaches(const ProfilePath& folder, const ProfilePath& path) noexcept {
  const std::string_view outer = folder.text();
  const std::string_view inner = path.text();
  if (inner.size() > outer.size() && inner[outer.size()] == '/' && inner.starts_with(outer)) return true;
  return folder.contains(path);
}

// The folders that are missing above the entries of a sorted list, outermost first for each.
std::vector<Entry> missing_folders(std::span<const Entry> entries) {
  std::vector<Entry> missing;
  std::vector<ProfilePath> open;  // the chain of folders above the current entry
  for (const Entry& entry : entries) {
    while (!open.empty() && !reaches(open.back(), entry.path)) open.pop_back();
    std::size_t depth = open.size();
    const auto above = static_cast<std::size_t>(std::count(entry.path.text().begin(), entry.path.text().end(), '/'));
    if (depth < above) {
      std::vector<ProfilePath> chain;
      for (ProfilePath folder = entry.path.parent(); depth < above; ++depth, folder = folder.parent()) {
        chain.push_back(folder);
      }
      for (auto folder = chain.rbegin(); folder != chain.rend(); ++folder) {
        missing.push_back({.path = *folder, .kind = EntryKind::directory});
        open.push_back(*folder);
      }
    }
    if (entry.is_directory()) open.push_back(entry.path);
  }
  return missing;
}

const auto path_less = [](const Entry& entry, const ProfilePath& path) {
  return PathOrder::compare(entry.path, path) < 0;
};

std::string octal(std::uint32_t mode) {
  std::string digits(4, '0');
  for (std::size_t i = 4; i-- > 0; mode >>= 3) digits[i] = static_cast<char>('0' + (mode & 7));
  return digits;
}

bool is_name_at_root(const ProfilePath& path, std::string_view name) noexcept {
  return path.text().size() == name.size() && compare_upcased(path.text(), name) == 0;
}

}  // namespace

bool same_stamp(const Entry& left, const Entry& right) noexcept {
  if (left.kind != right.kind) return false;
  if (left.is_directory()) return true;
  return left.size == right.size && left.modified == right.modified &&
         (left.id == right.id || left.id == 0 || right.id == 0);
}

bool same_access(const Entry& left, const Entry& right) noexcept {
  return left.access_mark == right.access_mark || left.access_mark == access_mark_unknown ||
         right.access_mark == access_mark_unknown;
}

Tree::Tree(std::vector<Entry> entries) : shared_(new Shared(std::move(entries))) { normalise(); }

std::vector<Entry>& Tree::own() {
  if (!shared_) {
    shared_ = new Shared({});
  } else if (shared_->use_count() > 1) {
    shared_ = new Shared(shared_->entries);
  }
  return shared_->entries;
}

bool operator==(const Tree& left, const Tree& right) noexcept {
  return left.shares_entries_with(right) || std::ranges::equal(left.entries(), right.entries());
}

void Tree::normalise() {
  std::vector<Entry>& entries = own();
  const auto same = [](const Entry& left, const Entry& right) { return left.path.same_file(right.path); };
  if (!strictly_sorted(entries)) {
    std::sort(entries.begin(), entries.end(), before);
    entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
  }
  std::vector<Entry> missing = missing_folders(entries);
  if (missing.empty()) return;
  const auto middle = static_cast<std::ptrdiff_t>(entries.size());
  entries.insert(entries.end(), std::make_move_iterator(missing.begin()), std::make_move_iterator(missing.end()));
  std::inplace_merge(entries.begin(), entries.begin() + middle, entries.end(), before);
  // A list that puts something below a file is no tree; it stays as it came, but no name comes twice.
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
}

Tree Tree::from_sorted(std::vector<Entry> entries) {
  assert(strictly_sorted(entries));
  Tree tree;
  tree.shared_ = new Shared(std::move(entries));
  return tree;
}

const Entry* Tree::find(const ProfilePath& path) const noexcept {
  const std::span<const Entry> all = entries();
  const auto at = std::lower_bound(all.begin(), all.end(), path, path_less);
  return at != all.end() && PathOrder::compare(at->path, path) == 0 ? &*at : nullptr;
}

std::span<const Entry> Tree::below(const ProfilePath& folder) const noexcept {
  const std::span<const Entry> all = entries();
  if (folder.is_root()) return all;
  auto first = std::lower_bound(all.begin(), all.end(), folder, path_less);
  if (first != all.end() && PathOrder::compare(first->path, folder) == 0) ++first;
  const auto last =
      std::partition_point(first, all.end(), [&](const Entry& entry) { return folder.contains(entry.path); });
  return {first, last};
}

std::size_t Tree::file_count() const noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(entries(), &Entry::is_file));
}

std::uint64_t Tree::total_bytes() const noexcept {
  std::uint64_t bytes = 0;
  for (const Entry& entry : entries()) bytes += entry.is_file() ? entry.size : 0;
  return bytes;
}

void Tree::put(Entry entry) {
  std::vector<Entry>& entries = own();
  const auto at = std::lower_bound(entries.begin(), entries.end(), entry.path, path_less);
  if (at != entries.end() && PathOrder::compare(at->path, entry.path) == 0) {
    *at = std::move(entry);
    return;
  }
  entries.insert(at, std::move(entry));
  normalise();
}

void Tree::erase(const ProfilePath& path) {
  const Entry* const there = find(path);
  if (there == nullptr) return;
  const auto index = there - entries().data();
  own().erase(own().begin() + index);
  normalise();
}

void Tree::edit(std::vector<Entry> put, std::vector<ProfilePath> erase) {
  if (put.empty() && erase.empty()) return;
  std::vector<Entry>& entries = own();
  if (erase.empty()) {  // what only takes the place of its predecessor needs no merging
    std::vector<Entry> others;
    for (Entry& entry : put) {
      const auto at = std::lower_bound(entries.begin(), entries.end(), entry.path, path_less);
      const bool is_known = at != entries.end() && PathOrder::compare(at->path, entry.path) == 0;
      (is_known ? *at : others.emplace_back()) = std::move(entry);
    }
    if (others.empty()) return;
    put = std::move(others);
  }
  std::stable_sort(put.begin(), put.end(),
                   [](const Entry& left, const Entry& right) { return PathOrder()(left.path, right.path); });
  std::sort(erase.begin(), erase.end(), PathOrder());
  std::vector<Entry> merged;
  merged.reserve(entries.size() + put.size());
  auto gone = erase.begin();
  auto next = put.begin();
  const auto take_new = [&] {  // of several for one name the last counts
    while (std::next(next) != put.end() && next->path.same_file(std::next(next)->path)) ++next;
    merged.push_back(std::move(*next++));
  };
  for (Entry& entry : entries) {
    while (next != put.end() && PathOrder::compare(next->path, entry.path) < 0) take_new();
    if (next != put.end() && PathOrder::compare(next->path, entry.path) == 0) {
      take_new();
      continue;
    }
    while (gone != erase.end() && PathOrder::compare(*gone, entry.path) < 0) ++gone;
    if (gone != erase.end() && PathOrder::compare(*gone, entry.path) == 0) continue;
    merged.push_back(std::move(entry));
  }
  while (next != put.end()) take_new();
  entries = std::move(merged);
  normalise();
}

std::ostream& operator<<(std::ostream& out, const Entry& entry) {
  if (entry.is_directory()) return out << "d " << entry.path;
  return out << "f " << octal(entry.mode) << ' ' << entry.size << ' ' << entry.modified.text() << ' ' << entry.path;
}

std::ostream& operator<<(std::ostream& out, const Tree& tree) {
  for (const Entry& entry : tree.entries()) out << entry << '\n';
  return out;
}

bool is_hive(const ProfilePath& path) noexcept {
  return is_name_at_root(path, "NTUSER.DAT") || is_mandatory_hive(path);
}

bool is_mandatory_hive(const ProfilePath& path) noexcept { return is_name_at_root(path, "NTUSER.MAN"); }

const Entry* find_hive(const Tree& tree) noexcept {
  static const ProfilePath mandatory = ProfilePath::literal("NTUSER.MAN");
  static const ProfilePath plain = ProfilePath::literal("NTUSER.DAT");
  for (const ProfilePath* name : {&mandatory, &plain}) {
    if (const Entry* entry = tree.find(*name); entry != nullptr && entry->is_file()) return entry;
  }
  return nullptr;
}

}  // namespace roamsync
