#include "transaction/layout.hpp"

#include "transaction/names.hpp"

#include <algorithm>
#include <map>

namespace roamsync {
namespace {

template <class Put>
std::vector<const Put*> in_path_order(const std::vector<Put>& puts) {
  std::vector<const Put*> sorted;
  sorted.reserve(puts.size());
  for (const Put& put : puts) sorted.push_back(&put);
  const auto before = [](const Put* left, const Put* right) { return PathOrder::compare(left->path, right->path) < 0; };
  if (!std::ranges::is_sorted(sorted, before)) std::ranges::stable_sort(sorted, before);
  return sorted;
}

class LayoutBuilder {
 public:
  LayoutBuilder(std::string_view transaction, bool case_sensitive, std::size_t files)
      : transaction_(transaction), case_sensitive_(case_sensitive) {
    layout_.intent.transaction = transaction;
    layout_.files.reserve(files);
  }

  void add(const PutDirectory& put) {
    const NewFolder* parent = new_folder(put.path.parent());
    NewFolder folder;
    if (parent != nullptr) {
      folder = {.temporary = parent->temporary.child_unchecked(put.path.name()), .unit = parent->unit};
    } else {
      folder = {.temporary = unique_temporary(put.path, transaction_), .unit = layout_.intent.units.size()};
      add_unit(put.path, EntryKind::directory, folder.temporary, put.replaces);
    }
    layout_.directories.push_back({.put = &put, .temporary = folder.temporary, .unit = folder.unit});
    new_folders_.emplace(put.path, std::move(folder));
  }

  void add(const PutFile& put) {
    FileToStage file{.put = &put};
    if (const NewFolder* parent = new_folder(put.path.parent()); parent != nullptr) {
      file.temporary = parent->temporary.child_unchecked(put.path.name());
      file.unit = parent->unit;
      layout_.intent.units[file.unit].last |= put.last;
    } else {
      file.temporary = temporary_of(put.path, transaction_);
      file.unit = layout_.intent.units.size();
      add_unit(put.path, EntryKind::file, file.temporary, put.replaces).last = put.last;
    }
    layout_.files.push_back(std::move(file));
  }

  Layout take(const std::vector<Removal>& removals) {
    std::map<ProfilePath, std::size_t, PathOrder> unit_at;
    if (!removals.empty()) {
      for (std::size_t i = 0; i < layout_.intent.units.size(); ++i)
        unit_at.emplace(layout_.intent.units[i].entry.path, i);
    }
    layout_.intent.removals.reserve(removals.size() + respelled_.size());
    for (const Removal& removal : removals) {
      const auto at = unit_at.find(removal.expected.path);
      if (at == unit_at.end()) {
        layout_.intent.removals.push_back(removal.expected);
      } else if (!layout_.intent.units[at->second].replaces) {
        // Deleted and put anew under the same name: replaced.
        make_room(layout_.intent.units[at->second], removal.expected);
      }
    }
    for (Entry& entry : respelled_) layout_.intent.removals.push_back(std::move(entry));
    return std::move(layout_);
  }

 private:
  struct NewFolder {
    ProfilePath temporary;
    std::size_t unit = 0;
  };

  // Files come in PathOrder, so most ask for the folder of the one before.
  const NewFolder* new_folder(const ProfilePath& path) {
    if (asked_valid_ && path == asked_) return answer_;
    const auto at = new_folders_.find(path);
    asked_ = path;
    asked_valid_ = true;
    return answer_ = at == new_folders_.end() ? nullptr : &at->second;
  }

  Unit& add_unit(const ProfilePath& path, EntryKind kind, const ProfilePath& temporary,
                 const std::optional<Entry>& replaces) {
    asked_valid_ = false;
    Unit& unit = layout_.intent.units.emplace_back();
    unit.entry.path = path;
    unit.entry.kind = kind;
    unit.temporary = temporary;
    if (replaces) make_room(unit, *replaces);
    return unit;
  }

  void make_room(Unit& unit, const Entry& replaced) {
    if (case_sensitive_ && replaced.path != unit.entry.path && replaced.is_file()) {
      respelled_.push_back(replaced);
      return;
    }
    unit.replaces = replaced;
    if (replaced.kind != unit.entry.kind) unit.aside = aside_of(unit.entry.path, transaction_);
  }

  const std::string_view transaction_;
  const bool case_sensitive_;
  Layout layout_;
  std::map<ProfilePath, NewFolder, PathOrder> new_folders_;
  std::vector<Entry> respelled_;
  ProfilePath asked_;
  bool asked_valid_ = false;
  const NewFolder* answer_ = nullptr;
};

}  // namespace

Layout lay_out(const ChangeSet& changes, std::string_view transaction, bool case_sensitive) {
  LayoutBuilder builder(transaction, case_sensitive, changes.files.size());
  for (const PutDirectory* directory : in_path_order(changes.directories)) builder.add(*directory);
  for (const PutFile* file : in_path_order(changes.files)) builder.add(*file);
  Layout layout = builder.take(changes.removals);
  layout.staged.resize(layout.files.size());
  layout.sources.resize(layout.files.size());
  for (const Entry& folder : changes.refits) layout.refits.push_back({.path = folder.path});
  std::ranges::sort(layout.refits, PathOrder(), &FolderToRefit::path);
  return layout;
}

void complete_units(Layout& layout) {
  std::vector<std::size_t> members(layout.intent.units.size());
  for (const DirectoryToStage& directory : layout.directories) ++members[directory.unit];
  for (const FileToStage& file : layout.files) ++members[file.unit];
  for (std::size_t i = 0; i < members.size(); ++i) {
    Unit& unit = layout.intent.units[i];
    unit.members.clear();
    if (unit.entry.is_directory()) unit.members.reserve(members[i]);
  }
  for (const DirectoryToStage& directory : layout.directories) {
    Unit& unit = layout.intent.units[directory.unit];
    if (unit.entry.path == directory.put->path) continue;
    unit.members.push_back({.path = directory.put->path, .kind = EntryKind::directory, .mode = directory.put->mode});
  }
  for (const FileToStage& file : layout.files) {
    Unit& unit = layout.intent.units[file.unit];
    if (unit.entry.is_directory()) {
      unit.members.push_back(layout.staged_of(file));
    } else {
      unit.entry = layout.staged_of(file);
      unit.temporary = file.temporary;
    }
  }
  // Folders and files were each in PathOrder; together they are not.
  for (Unit& unit : layout.intent.units) {
    std::ranges::sort(
        unit.members, PathOrder(), [](const Entry& entry) -> const auto& { return entry.path; });
  }
}

}  // namespace roamsync
