#include "sim/users.hpp"

#include <roamsync/filter.hpp>

#include "support/change_set.hpp"

#include <array>

namespace roamsync::sim {
namespace {

const ProfilePath hive_path = ProfilePath::literal("NTUSER.DAT");

// Few names, so that people meet; some stand in one another's way as a file and a folder.
constexpr std::array file_names{"Desktop/a.txt",
                                "Desktop/b.txt",
                                "Desktop/notes",
                                "Desktop/notes/monday.txt",
                                "Documents/letter.doc",
                                "Documents/Old/letter.doc",
                                "Documents/Old",
                                "B\xc3\xbcro/\xc3\xa4.txt",
                                "AppData/Roaming/program.cfg",
                                "AppData/Local/cache.bin",
                                "favourites.ini"};

// Letters below ASCII's end change case; the others may stay.
std::string respelled(std::string_view name) {
  std::string other(name);
  for (char& c : other) {
    if (c >= 'a' && c <= 'z') {
      c = static_cast<char>(c - 'a' + 'A');
    } else if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return other;
}

}  // namespace

Desk::Desk(Content& disk, ProfilePath folder, Person person, Random& random, Ledger& ledger, FileTime now)
    : disk_(disk),
      folder_(std::move(folder)),
      person_(std::move(person)),
      random_(random),
      ledger_(ledger),
      now_(now) {}

std::string Desk::work() {
  std::string words;
  // Whoever works on the share has a profile there; one without any file is taken for a share that is not mounted.
  if (person_.home == at_server && find(hive_path) == nullptr) words = write_hive(HiveClosed::cleanly);
  for (std::size_t changes = 1 + random_.below(4); changes > 0; --changes) {
    let_time_pass();
    const std::string change = change_something();
    if (!change.empty()) words += (words.empty() ? "" : ", ") + change;
  }
  return words.empty() ? "does nothing" : words;
}

std::string Desk::settle_in() {
  std::string words = write_hive(HiveClosed::cleanly);
  for (std::size_t files = 2 + random_.below(5); files > 0; --files) {
    let_time_pass();
    words += ", " + write_file();
  }
  return words;
}

// Two writes of one size and time nobody could tell apart by NT 4's rules.
void Desk::let_time_pass() { now_.ticks += 1 + static_cast<std::int64_t>(random_.below(FileTime::ticks_per_second)); }

bool Desk::close_hive() {
  const std::string hive = bytes_at(hive_path);
  if (hive.empty() || fault_of_hive(hive).empty()) return false;
  write_hive(HiveClosed::cleanly);
  return true;
}

std::string Desk::change_something() {
  const bool at_home = person_.home != at_server;
  switch (random_.weighted({30, 14, 12, 6, 4, 4, 4, at_home ? std::size_t{2} : 0})) {
    case 0: return write_file();
    case 1: return write_hive(HiveClosed::cleanly);
    case 2: return remove_something();
    case 3: return move_something();
    case 4: return respell_something();
    case 5: return touch_something();
    case 6: return make_folder();
    default: return write_hive(HiveClosed::left_open);
  }
}

std::string Desk::write_file() {
  const ProfilePath path = any_path();
  put(path, ledger_.new_text(random_, person_.name, person_.home, path));
  return "writes " + std::string(path.text());
}

std::string Desk::write_hive(HiveClosed closed) {
  put(hive_path, ledger_.new_hive(random_, person_.name, person_.home, settings_of(bytes_at(hive_path)), now_, closed));
  return closed == HiveClosed::cleanly ? "changes the hive" : "leaves the hive open";
}

std::string Desk::remove_something() {
  const auto all = things();
  if (all.empty()) return {};
  const ProfilePath path = random_.pick(all);
  remove(path);
  return "deletes " + std::string(path.text());
}

std::string Desk::move_something() {
  const auto all = things();
  if (all.empty()) return {};
  const ProfilePath from = random_.pick(all);
  const ProfilePath to = any_path();
  if (from.contains(to) || to.contains(from) || find(from) == nullptr) return {};
  remove(to);
  put_folder(to.parent());
  // What stood in the way of the new name may have been the old one's folder.
  if (find(from) == nullptr) return "deletes what stood where " + std::string(to.text()) + " was to be";
  rename(from, to);
  return "moves " + std::string(from.text()) + " to " + std::string(to.text());
}

std::string Desk::respell_something() {
  const auto all = things();
  if (all.empty()) return {};
  const ProfilePath from = random_.pick(all);
  const ProfilePath to = from.parent().child_unchecked(respelled(from.name()));
  if (from == to) return {};
  rename(from, to);
  return "spells " + std::string(from.text()) + " as " + std::string(to.name());
}

std::string Desk::touch_something() {
  const auto all = things();
  if (all.empty()) return {};
  const ProfilePath path = random_.pick(all);
  disk_.at(folder_.join(path)).attributes.modified = now_;
  return "touches " + std::string(path.text());
}

std::string Desk::make_folder() {
  const ProfilePath path = any_path();
  if (const MemoryNode* there = find(path); there != nullptr && there->kind == EntryKind::directory) return {};
  remove(path);
  put_folder(path);
  return "makes a folder " + std::string(path.text());
}

const MemoryNode* Desk::find(const ProfilePath& path) const {
  const auto at = disk_.find(folder_.join(path));
  return at == disk_.end() ? nullptr : &at->second;
}

std::string Desk::bytes_at(const ProfilePath& path) const {
  const MemoryNode* node = find(path);
  return node == nullptr ? std::string() : testing::text_of(node->bytes);
}

void Desk::put(const ProfilePath& path, const std::string& bytes) {
  const MemoryNode* there = find(path);
  const bool in_place =
      there != nullptr && there->kind == EntryKind::file && person_.home != at_server && random_.one_in(2);
  const std::uint64_t old_id = in_place ? there->id : 0;
  const ProfilePath name = spelled(path);
  remove(path);
  put_folder(path.parent());
  disk_.emplace(spelled(path.parent()).child_unchecked(name.name()),
                MemoryNode{.bytes = testing::bytes_of(bytes),
                           .attributes = {.modified = now_, .mode = 0644},
                           .id = in_place ? old_id : new_id()});
}

void Desk::put_folder(const ProfilePath& path) {
  if (path.is_root()) return;
  put_folder(path.parent());
  const MemoryNode* there = find(path);
  if (there != nullptr && there->kind == EntryKind::directory) return;
  remove(path);
  disk_.emplace(spelled(path), MemoryNode{.kind = EntryKind::directory, .attributes = {.mode = 0755}, .id = new_id()});
}

std::vector<ProfilePath> Desk::things() const {
  std::vector<ProfilePath> found;
  for (const auto& [path, node] : disk_) {
    if (!folder_.contains(path) || path == folder_) continue;
    const std::size_t above = folder_.is_root() ? 0 : folder_.text().size() + 1;
    const ProfilePath below = ProfilePath::literal(path.text().substr(above));
    if (!is_own_name(below) && !is_hive(below)) found.push_back(below);
  }
  return found;
}

void Desk::remove(const ProfilePath& path) {
  const ProfilePath doomed = folder_.join(path);
  std::erase_if(disk_, [&](const auto& entry) {
    if (!doomed.contains(entry.first)) return false;
    ledger_.supersede(testing::text_of(entry.second.bytes));
    return true;
  });
}

void Desk::rename(const ProfilePath& from, const ProfilePath& to) {
  const ProfilePath old_name = folder_.join(from);
  const ProfilePath new_name = spelled(to.parent()).child_unchecked(to.name());
  std::vector<std::pair<ProfilePath, MemoryNode>> moved;
  std::erase_if(disk_, [&](const auto& entry) {
    if (!old_name.contains(entry.first)) return false;
    const std::string_view rest = entry.first.text().substr(old_name.text().size());
    moved.emplace_back(ProfilePath::literal(std::string(new_name.text()) + std::string(rest)), entry.second);
    return true;
  });
  for (auto& [path, node] : moved) disk_.emplace(path, std::move(node));
}

ProfilePath Desk::spelled(const ProfilePath& path) const {
  if (path.is_root()) return folder_;
  const ProfilePath name = spelled(path.parent()).child_unchecked(path.name());
  const auto at = disk_.find(name);
  return at == disk_.end() ? name : at->first;
}

// What is bound to a machine nobody carries to the share.
ProfilePath Desk::any_path() {
  static const Filter filter;
  for (;;) {
    const ProfilePath path = ProfilePath::literal(random_.pick(file_names));
    if (person_.home != at_server || filter.admits(path, false)) return path;
  }
}

std::uint64_t Desk::new_id() const {
  std::uint64_t id_max = 0;
  for (const auto& [path, node] : disk_) id_max = std::max(id_max, node.id);
  return id_max + 1;
}

}  // namespace roamsync::sim
