#include <roamsync/scan.hpp>

#include "base/upcase.hpp"
#include "base/utf16_length.hpp"
#include "store/known_tree.hpp"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace roamsync {
namespace {

// Whether the entry is what is known of it, as far as its folder's listing shows; a folder's time and number are not looked at.
bool is_as(const Entry& before, const Entry& now) {
  return before.path == now.path && before.kind == now.kind && before.mode == now.mode &&
         before.access_mark == now.access_mark &&
         (now.is_directory() || (before.size == now.size && before.modified == now.modified && before.id == now.id));
}

// One folder of the tree that is being put together. Lanes fill folders in any order; the order of the tree is settled
// by how they hang together.
struct Folder {
  Entry entry;                   // of the folder itself; the root's has no path
  bool admitted = true;          // false: entered only because something below may be
  bool gone = false;             // removed between the listing that named it and its own
  bool whole = false;            // all that stands right in it is in the tree
  bool listed = false;           // its names are news: not those of the known tree
  bool as_known = false;         // what stands right in it is what the known tree has; `entries` is empty
  const Entry* known = nullptr;  // of the known tree, when it has this folder
  std::size_t size = 0;          // how many entries stand right in it
  std::vector<Entry> entries;    // in PathOrder, folders included
  std::vector<std::unique_ptr<Folder>> children;  // of the folders among `entries`, in the same order
  std::span<const Entry> remembered;              // all that is below, in place of a listing
  std::vector<Unusable> unusable;
  std::vector<ProfilePath> temporaries;
};

class Scanner {
 public:
  Scanner(Store& store, const ScanOptions& options) : store_(store), options_(options) {
    if (options.known != nullptr) known_.emplace(*options.known);
  }

  Result<ScanResult> run() {
    // The root is listed first: how many lanes there is work for shows then.
    open_ = 1;
    look(root_);
    {
      std::vector<std::jthread> lanes;
      const std::size_t wanted = std::min<std::size_t>(options_.lanes, waiting_.size());
      for (std::size_t i = 1; i < wanted; ++i) lanes.emplace_back([this] { work(); });
      work();
    }
    if (error_) return *error_;
    return take_result();
  }

 private:
  // --- lanes ---

  void work() {
    while (Folder* folder = next()) look(*folder);
  }

  Folder* next() {
    std::unique_lock guard(mutex_);
    changed_.wait(guard, [this] { return !waiting_.empty() || open_ == 0 || error_; });
    if (error_ || waiting_.empty()) return nullptr;
    Folder* folder = waiting_.back();
    waiting_.pop_back();
    return folder;
  }

  void look(Folder& folder) {
    auto done = options_.stop.stop_requested() ? Result<void>(Errc::cancelled) : fill(folder);
    const std::scoped_lock guard(mutex_);
    --open_;
    if (done) {
      // Last in, first out: with one lane the calls come in the tree's order, and few folders wait at a time.
      for (auto child = folder.children.rbegin(); child != folder.children.rend(); ++child) {
        if (is_remembered((*child)->entry.path)) {
          (*child)->remembered = options_.remembered->below((*child)->entry.path);
        } else {
          waiting_.push_back(child->get());
          ++open_;
        }
      }
    } else if (!error_) {
      error_ = done.error().within({.step = "scan"});
    }
    if (open_ == 0 || error_ || !folder.children.empty()) changed_.notify_all();
  }

  bool is_remembered(const ProfilePath& folder) const {
    if (options_.remembered == nullptr) return false;
    const Entry* known = options_.remembered->find(folder);
    return known != nullptr && known->is_directory() &&
           !std::ranges::binary_search(options_.look_again, folder, PathOrder());
  }

  // --- one folder ---

  Result<void> fill(Folder& folder) {
    const ProfilePath& path = folder.entry.path;
    std::vector<const Entry*> known;
    auto looked = look_into(folder, known);
    if (!looked) {
      folder.gone = !path.is_root() && looked.error().code() == std::errc::no_such_file_or_directory;
      if (folder.gone) return success();
      return looked.error();
    }
    Listing& listing = looked.value();
    folder.whole = listing.unusable.empty();
    if (options_.marks_access) {
      BOOST_OUTCOME_TRYV(store_.mark_access(path, listing.entries));
    }
    for (Unusable& thing : listing.unusable) {
      if (is_wanted(thing)) folder.unusable.push_back(std::move(thing));
    }
    folder.listed = known.empty();
    if (folder.listed) sort_by_name(listing.entries, path.is_root() ? 0 : path.text().size() + 1);
    folder.entries = std::move(listing.entries);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < folder.entries.size(); ++i) {
      Entry& entry = folder.entries[i];
      if (!keeps(folder, kept == 0 ? nullptr : &folder.entries[kept - 1], entry)) continue;
      if (entry.is_directory()) {
        Folder& below = *folder.children.back();
        if (known_) below.known = folder.listed ? known_->find(entry.path) : known[i];
      }
      if (kept != i) folder.entries[kept] = std::move(entry);
      ++kept;
    }
    folder.whole = folder.whole && kept == folder.entries.size();
    folder.entries.resize(kept);
    folder.size = kept;
    folder.as_known =
        !folder.listed && std::ranges::equal(known, folder.entries,
                                             [](const Entry* before, const Entry& now) { return is_as(*before, now); });
    // Most folders are: what is known of them need not be kept a second time.
    if (folder.as_known) folder.entries = std::vector<Entry>();
    return success();
  }

  // `known`: the names it has in the known tree, when they spared the listing; in the order of the entries then.
  Result<Listing> look_into(const Folder& folder, std::vector<const Entry*>& known) {
    const ProfilePath& path = folder.entry.path;
    if (is_as_known(folder)) {
      known = known_->names_in(*folder.known);
      BOOST_OUTCOME_TRY(auto entries, store_.stat_names(path, known));
      if (entries) return Listing{.entries = std::move(*entries)};
      known.clear();
    }
    return store_.list(path);
  }

  // It still is the folder that is known, and no name has come or gone since.
  bool is_as_known(const Folder& folder) const {
    const Entry* before = folder.known;
    const Entry& now = folder.entry;
    return before != nullptr && before->is_directory() && now.modified.ticks != 0 && before->path == now.path &&
           before->id == now.id && before->modified == now.modified && known_->is_spelled_in_one_way(*before);
  }

  static void sort_by_name(std::vector<Entry>& entries, std::size_t prefix) {
    std::ranges::sort(entries, [prefix](const Entry& left, const Entry& right) {
      const std::string_view a = left.path.text().substr(prefix);
      const std::string_view b = right.path.text().substr(prefix);
      const int order = compare_upcased(a, b);
      return order != 0 ? order < 0 : a < b;
    });
  }

  // Whether the entry stays in its folder's list; one that does not is told where it belongs. `before`: the last that stayed.
  bool keeps(Folder& folder, const Entry* before, Entry& entry) {
    const bool is_directory = entry.is_directory();
    const bool admitted = admits(entry.path, is_directory);
    if (is_directory && entry.path.same_file(hive_temporary_)) {
      folder.unusable.push_back(
          {.path = std::string(entry.path.text()), .found = "a folder where the registry hive is staged"});
      return false;
    }
    if (!admitted) {
      if (is_own_name(entry.path)) {
        if (!entry.path.same_file(record_folder_)) folder.temporaries.push_back(std::move(entry.path));
        return false;
      }
      if (!is_directory || options_.filter->prunes(entry.path)) return false;
    }
    if (folder.listed && !fits(folder, before, entry)) return false;
    if (is_directory) {
      folder.children.push_back(std::make_unique<Folder>(Folder{.entry = entry, .admitted = admitted}));
    }
    return true;
  }

  // Whether the name can be part of a profile at all, beside the one before it.
  static bool fits(Folder& folder, const Entry* before, const Entry& entry) {
    // Told here, and nothing below it is looked at: a record of such a path could not be read back.
    if (is_too_long_for_windows(entry.path.text())) {
      folder.unusable.push_back({.path = std::string(entry.path.text()),
                                 .found = "a path of more than " + std::to_string(path_units_max) +
                                          " UTF-16 units, the most Windows can hold"});
      return false;
    }
    if (entry.is_directory() && is_hive(entry.path)) {
      folder.unusable.push_back(
          {.path = std::string(entry.path.text()), .found = "a folder where the registry hive belongs"});
      return false;
    }
    if (before != nullptr && before->path.same_file(entry.path)) {
      folder.unusable.push_back({.path = std::string(entry.path.text()),
                                 .found = "a name that differs only in case from " + std::string(before->path.text())});
      return false;
    }
    return true;
  }

  bool admits(const ProfilePath& path, bool is_directory) const {
    return options_.filter == nullptr ? !is_own_name(path) : options_.filter->admits(path, is_directory);
  }

  // What the filter excludes is nobody's business, usable or not.
  bool is_wanted(const Unusable& thing) const {
    const auto path = ProfilePath::parse(thing.path);
    return !path || admits(path.value(), false);
  }

  // --- putting together ---

  ScanResult take_result() {
    ScanResult result;
    gather(root_, result);
    std::ranges::sort(result.unusable, {}, &Unusable::path);
    std::ranges::sort(result.temporaries, PathOrder());
    const Tree* const before = options_.known != nullptr ? options_.known : options_.remembered;
    if (before != nullptr && count(root_) == before->size() && is_all_as(*before, root_)) {
      result.tree = *before;
    } else {
      std::vector<Entry> entries;
      entries.reserve(count(root_));
      append(root_, entries);
      result.tree = Tree::from_sorted(std::move(entries));
    }
    return result;
  }

  static void gather(Folder& folder, ScanResult& result) {
    std::ranges::move(folder.unusable, std::back_inserter(result.unusable));
    std::ranges::move(folder.temporaries, std::back_inserter(result.temporaries));
    for (const auto& child : folder.children) gather(*child, result);
  }

  static std::size_t count(const Folder& folder) {
    std::size_t all = folder.size + folder.remembered.size();
    for (const auto& child : folder.children) all += count(*child);
    return all;
  }

  // As it is in the tree: a folder that is not whole has no time there.
  static Entry entry_of(const Folder& folder) {
    Entry entry = folder.entry;
    if (!folder.whole) entry.modified = {};
    return entry;
  }

  // All that was found in the folder and below it stands in `before` as it would in the tree. A remembered tree may lack
  // times and numbers of folders: nobody asks for them then.
  bool is_all_as(const Tree& before, const Folder& folder) const {
    const bool tells_less = &before == options_.remembered;
    const auto is_in_it = [&](const Entry& entry) {
      const Entry* const there = before.find(entry.path);
      return there != nullptr && is_as(*there, entry);
    };
    const auto is_below_it = [&](const std::unique_ptr<Folder>& child) {
      if (child->gone || !child->admitted) return false;
      const Entry now = entry_of(*child);
      const Entry& there = child->known != nullptr ? *child->known : *before.find(now.path);
      return (there.modified == now.modified || (tells_less && there.modified.ticks == 0)) &&
             (there.id == now.id || (tells_less && there.id == 0)) && is_all_as(before, *child);
    };
    return std::ranges::all_of(folder.entries, is_in_it) && std::ranges::all_of(folder.children, is_below_it);
  }

  void append(Folder& folder, std::vector<Entry>& entries) const {
    auto child = folder.children.begin();
    const auto append_one = [&](Entry entry) {
      if (!entry.is_directory()) {
        entries.push_back(std::move(entry));
        return;
      }
      Folder& below = **child++;
      const std::size_t own = entries.size();
      entries.emplace_back();
      append(below, entries);
      entries.insert(entries.end(), below.remembered.begin(), below.remembered.end());
      entries[own] = entry_of(below);
      // A folder entered for what may be below it counts only when something was.
      if (below.gone || (!below.admitted && entries.size() == own + 1)) {
        entries.pop_back();
        folder.whole = false;
      }
    };
    if (folder.as_known) {
      for (const Entry* entry : known_->names_in(*folder.known)) append_one(*entry);
    } else {
      for (Entry& entry : folder.entries) append_one(std::move(entry));
    }
  }

  Store& store_;
  const ScanOptions& options_;
  std::optional<KnownTree> known_;
  const ProfilePath record_folder_ = ProfilePath::literal(record_folder_name);
  const ProfilePath hive_temporary_ = ProfilePath::literal(hive_temporary_name);
  Folder root_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Folder*> waiting_;
  std::size_t open_ = 0;  // folders waiting or being listed
  std::optional<Error> error_;
};

}  // namespace

Result<ScanResult> scan(Store& store, const ScanOptions& options) { return Scanner(store, options).run(); }

}  // namespace roamsync
