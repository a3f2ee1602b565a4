#include "plan/compare.hpp"

#include <algorithm>

namespace roamsync {
namespace {

// Walks a sorted list of paths beside the rows.
class PathCursor {
 public:
  explicit PathCursor(std::vector<const ProfilePath*> paths) : paths_(std::move(paths)) {
    std::sort(paths_.begin(), paths_.end(),
              [](const ProfilePath* left, const ProfilePath* right) { return PathOrder()(*left, *right); });
  }
  // Asked in PathOrder.
  bool has(const ProfilePath& path) {
    while (at_ < paths_.size() && PathOrder::compare(*paths_[at_], path) < 0) ++at_;
    return at_ < paths_.size() && PathOrder::compare(*paths_[at_], path) == 0;
  }

 private:
  std::vector<const ProfilePath*> paths_;
  std::size_t at_ = 0;
};

bool copies(Verb verb) noexcept {
  return verb == Verb::upload || verb == Verb::download || verb == Verb::keep_both_locally ||
         verb == Verb::set_access_on_server || verb == Verb::set_access_locally;
}

template <class Predicate>
PathCursor paths_of_actions(const Plan& plan, Predicate wanted) {
  std::vector<const ProfilePath*> paths;
  for (const Action& action : plan.actions) {
    if (wanted(action)) paths.push_back(&action.path);
  }
  return PathCursor(std::move(paths));
}

// Conflicts in which the target's version stayed.
std::vector<const Conflict*> refusals(const Plan& plan) {
  std::vector<const Conflict*> refused;
  for (const Conflict& conflict : plan.conflicts) {
    if (conflict.choice == keep_target(plan.direction) || conflict.choice == Choice::keep_both ||
        conflict.choice == Choice::merge) {
      refused.push_back(&conflict);
    }
  }
  return refused;
}

class NextBase {
 public:
  NextBase(const PlanInput& input, const Plan& plan, const Tree& local_after, const Tree& server_after)
      : direction_(plan.direction),
        time_resolution_(input.time_resolution),
        rows_(rows_of(local_after, server_after, input.base)),
        copied_(paths_of_actions(plan, [](const Action& action) { return copies(action.verb); })),
        keeping_(paths_of_actions(plan, [](const Action& action) { return action.keeps_target_access; })) {
    std::vector<const ProfilePath*> refused;
    std::vector<const ProfilePath*> refused_folders;
    for (const Conflict* conflict : refusals(plan)) {
      refused.push_back(&conflict->path);
      if (conflict->kind == ConflictKind::kind_differs) refused_folders.push_back(&conflict->path);
    }
    refused_ = PathCursor(std::move(refused));
    refused_folders_ = PathCursor(std::move(refused_folders));
  }

  Base run() {
    local_.reserve(rows_.size());
    server_.reserve(rows_.size());
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      const ProfilePath& path = rows_[row].triple.path();
      const bool copied = copied_.has(path);
      bool refused = refused_.has(path) && !copied;
      if (refused_folders_.has(path) && !copied) refused_end_ = std::max(refused_end_, end_of_subtree(rows_, row));
      refused = refused || row < refused_end_;
      keeps_target_access_ = keeping_.has(path);
      take(rows_[row].triple, copied, refused);
    }
    return {Tree(std::move(local_)), Tree(std::move(server_))};
  }

 private:
  void take(const Triple& triple, bool copied, bool refused) {
    if (triple.local == nullptr && triple.server == nullptr) return;
    const Sameness same = sameness(triple);
    if (refused && same != Sameness::equal) return take_version_of_source(triple);
    if (triple.local != nullptr && triple.server != nullptr) {
      if (same == Sameness::equal || stamps_agree(triple)) return take_both(triple, copied, refused);
      if (copied && same == Sameness::unknown) return take_both(triple, copied, refused);
      // The source changed while it was copied: what was copied is what both sides had.
      if (copied) return take_version_of_target(triple);
    }
    if (triple.base_local == nullptr) return;
    if (change_since(triple.base_local, triple.local) == Change::none &&
        change_since(triple.base_server, triple.server) == Change::none) {
      return take_both(triple, copied, refused);
    }
    put(*triple.base_local, *triple.base_server);
  }

  // Equal sizes and times speak where nothing else does. A side that alone has changed since the base has something to
  // carry over, also when the file that took the place of the old one happens to be of its size and time.
  bool stamps_agree(const Triple& triple) const {
    if (triple.base_local != nullptr) {
      const bool local_changed = change_since(triple.base_local, triple.local) != Change::none;
      const bool server_changed = change_since(triple.base_server, triple.server) != Change::none;
      if (local_changed != server_changed) return false;
    }
    return taken_for_equal(triple, time_resolution_);
  }

  void take_both(const Triple& triple, bool copied, bool refused) {
    Entry local = with_digest(*triple.local, triple.base_local);
    Entry server = with_digest(*triple.server, triple.base_server);
    if (triple.base_local != nullptr) settle_marks(triple, copied, refused, local, server);
    if (sameness(triple) != Sameness::different) {
      if (!local.digest) local.digest = server.digest;
      if (!server.digest) server.digest = local.digest;
    }
    put(std::move(local), std::move(server));
  }

  // Bytes that agree say nothing about the lists: what is still to be carried must differ from the base the next time, too.
  void settle_marks(const Triple& triple, bool copied, bool refused, Entry& local, Entry& server) const {
    if (local.access_mark == access_mark_unknown) local.access_mark = triple.base_local->access_mark;
    if (server.access_mark == access_mark_unknown) server.access_mark = triple.base_server->access_mark;
    std::uint64_t& target = direction_ == Direction::logoff ? server.access_mark : local.access_mark;
    if (copied) {
      if (keeps_target_access_) target = access_mark_outdated;
      return;
    }
    const bool here = !same_access(*triple.base_local, local);
    const bool there = !same_access(*triple.base_server, server);
    if (here && there) {
      if (refused) target = access_mark_outdated;
    } else if (here || there) {
      local.access_mark = triple.base_local->access_mark;
      server.access_mark = triple.base_server->access_mark;
    }
  }

  void take_version_of_source(const Triple& triple) {
    const View view(triple, direction_);
    if (view.source == nullptr) return;
    put_version(with_digest(*view.source, view.base_source), direction_ == Direction::logoff);
  }

  void take_version_of_target(const Triple& triple) {
    const View view(triple, direction_);
    put_version(with_digest(*view.target, view.base_target), direction_ == Direction::logon);
  }

  // What one side has becomes the base of both; the other side's entry is one that no real file can match.
  void put_version(Entry version, bool is_local) {
    Entry other = version;
    other.modified = {.ticks = -1};
    other.id = 0;
    if (other.access_mark != access_mark_unknown) other.access_mark = access_mark_outdated;
    if (is_local) {
      put(std::move(version), std::move(other));
    } else {
      put(std::move(other), std::move(version));
    }
  }

  static Entry with_digest(const Entry& entry, const Entry* base) {
    Entry full = entry;
    if (const Digest* digest = known_digest(entry, base); digest != nullptr) full.digest = *digest;
    return full;
  }

  void put(Entry local, Entry server) {
    local_.push_back(std::move(local));
    server_.push_back(std::move(server));
  }

  Direction direction_;
  std::chrono::nanoseconds time_resolution_;
  std::vector<Row> rows_;
  PathCursor copied_;
  PathCursor keeping_;
  bool keeps_target_access_ = false;  // of the row that is taken
  PathCursor refused_{{}};
  PathCursor refused_folders_{{}};
  std::size_t refused_end_ = 0;
  std::vector<Entry> local_;
  std::vector<Entry> server_;
};

std::string_view folder_of(const ProfilePath& path) {
  const std::string_view text = path.text();
  const std::size_t slash = text.rfind('/');
  return slash == text.npos ? std::string_view() : text.substr(0, slash);
}

// The folders, in byte order, right below which one tree has a name that the other has not.
std::vector<std::string_view> folders_of_other_names(const Tree& left, const Tree& right) {
  std::vector<std::string_view> folders;
  const auto add = [&folders](const Entry& entry) {
    const std::string_view folder = folder_of(entry.path);
    if (folders.empty() || folders.back() != folder) folders.push_back(folder);
  };
  auto theirs = right.entries().begin();
  const auto end = right.entries().end();
  for (const Entry& entry : left.entries()) {
    while (theirs != end && PathOrder::compare(theirs->path, entry.path) < 0) add(*theirs++);
    if (theirs != end && theirs->path == entry.path) {
      ++theirs;
    } else {
      add(entry);
    }
  }
  std::for_each(theirs, end, add);
  std::ranges::sort(folders);
  return folders;
}

// A folder's time says: it holds what the base has of it. That is so where the scan found these names and no others.
void keep_times_of_known_folders(Tree& base, const Tree& scanned) {
  const std::vector<std::string_view> others = folders_of_other_names(base, scanned);
  for (Entry& entry : base.entries_for_update()) {
    if (entry.is_directory() && std::ranges::binary_search(others, entry.path.text())) entry.modified = {};
  }
}

}  // namespace

Base next_base(const PlanInput& input, const Plan& plan, const Tree& local_after, const Tree& server_after) {
  Base next = NextBase(input, plan, local_after, server_after).run();
  keep_times_of_known_folders(next.local, input.local);
  return next;
}

}  // namespace roamsync
