#include "session/scan_changed.hpp"

#include "copy/lanes.hpp"

#include <set>

namespace roamsync {
namespace {

// A folder and all above it.
void add_with_parents(std::set<ProfilePath, PathOrder>& folders, ProfilePath folder) {
  while (!folder.is_root() && folders.insert(folder).second) folder = folder.parent();
}

struct ToLookAt {
  std::vector<const Entry*> files;  // in the spelling of the base's server side
  std::set<ProfilePath, PathOrder> folders;
};

// All trees are in PathOrder; the base's two have the same names.
ToLookAt what_to_look_at(const Tree& now, const Base& base) {
  ToLookAt what;
  const std::span<const Entry> before = base.local.entries();
  std::size_t at = 0;
  const auto changed = [&](const Entry& entry) {
    add_with_parents(what.folders, entry.path.parent());
    if (entry.is_directory()) add_with_parents(what.folders, entry.path);
  };
  for (const Entry& entry : now.entries()) {
    while (at < before.size() && PathOrder::compare(before[at].path, entry.path) < 0) changed(before[at++]);
    if (at == before.size() || PathOrder::compare(before[at].path, entry.path) != 0) {
      changed(entry);
      continue;
    }
    if (!same_stamp(before[at], entry) || !same_access(before[at], entry)) {
      const Entry* there = entry.is_file() && before[at].is_file() ? base.server.find(entry.path) : nullptr;
      if (there != nullptr && there->is_file()) {
        what.files.push_back(there);
      } else {
        changed(entry);
      }
    }
    ++at;
  }
  while (at < before.size()) changed(before[at++]);
  return what;
}

// The entries of files that are still files; the folders of the others are to be listed.
Result<std::vector<Entry>> look_at_files(Store& server, ToLookAt& what, const ScanOptions& options) {
  std::vector<std::optional<Entry>> found(what.files.size());
  BOOST_OUTCOME_TRYV(
      run_in_lanes(what.files.size(), options.lanes, options.stop, [&](std::size_t item, unsigned) -> Result<void> {
        const ProfilePath& path = what.files[item]->path;
        auto entry = server.stat(path);
        // A server that is away is asked once.
        if (!entry && is_out_of_reach(entry.error().code())) return entry.error().within({.step = "scan"});
        if (!entry || !entry.value() || !entry.value()->is_file()) return success();  // listing tells why
        if (options.marks_access) {
          auto marked = server.mark_access(path.parent(), std::span(&*entry.value(), 1));
          if (!marked) return marked.error().within({.step = "scan"});
        }
        found[item] = std::move(entry).value();
        return success();
      }));
  std::vector<Entry> files;
  files.reserve(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i]) {
      files.push_back(std::move(*found[i]));
    } else {
      add_with_parents(what.folders, what.files[i]->path.parent());
    }
  }
  return files;
}

}  // namespace

Result<ScanResult> scan_changed(Store& server, const Tree& local, const Base& base, ScanOptions options) {
  ToLookAt what = what_to_look_at(local, base);
  BOOST_OUTCOME_TRY(std::vector<Entry> files, look_at_files(server, what, options));
  const std::vector<ProfilePath> folders(what.folders.begin(), what.folders.end());
  options.remembered = &base.server;
  options.look_again = folders;
  BOOST_OUTCOME_TRY(ScanResult scanned, scan(server, options));
  std::erase_if(files, [&](const Entry& file) { return scanned.tree.find(file.path) == nullptr; });
  scanned.tree.edit(std::move(files), {});
  return scanned;
}

}  // namespace roamsync
