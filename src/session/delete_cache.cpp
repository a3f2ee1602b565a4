#include "session/delete_cache.hpp"

#include <roamsync/scan.hpp>

#include "plan/obstacles.hpp"
#include "session/hive_gate.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

namespace roamsync {
namespace {

class CacheRemoval {
 public:
  CacheRemoval(Workspace& work, Base base, const Tree& server, std::span<const std::string> obstacles)
      : work_(work),
        base_(std::move(base)),
        server_(server),
        obstacles_(obstacles, server),
        server_has_lost_them_(!may_delete_what_is_missing()),
        transaction_(work.new_transaction()),
        aside_(ProfilePath().child_unchecked("deleted." + transaction_ + std::string(temporary_suffix))) {}

  Result<void> run() {
    BOOST_OUTCOME_TRY(ScanResult now, scan(work_.local, {.lanes = work_.options.lanes, .stop = work_.options.stop}));
    BOOST_OUTCOME_TRY(work_.local.make_directory(aside_, 0700));
    for (const Unusable& thing : now.unusable) judge(thing);
    for (const ProfilePath& path : now.temporaries) stays(path.text(), "has a name that does not roam");
    const Entry* hive = find_hive(now.tree);
    hive_is_held_ = work_.report.unload == HiveUnload::snapshot;
    hive_stays_ = hive != nullptr && !why_it_stays(*hive).empty();
    const auto entries = now.tree.entries();
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {  // innermost first
      if (entry->is_directory()) {
        remove_folder(entry->path);
      } else if (const std::string_view why = why_it_stays(*entry); !why.empty()) {
        stays(entry->path.text(), why);
      } else {
        BOOST_OUTCOME_TRY(remove_file(*entry));
      }
    }
    tell();
    BOOST_OUTCOME_TRY(work_.local.remove_directory(aside_));
    // Without a base a copy that comes back in a power cut would bring back what others have deleted since.
    touched_.insert(ProfilePath());
    return work_.local.flush_directories(std::vector<ProfilePath>(touched_.begin(), touched_.end()));
  }

 private:
  // A link or a socket; a link goes itself, not what it leads to.
  void judge(const Unusable& thing) {
    const auto path = ProfilePath::parse(thing.path);
    const bool goes = path && !built_in_.admits(path.value(), false) && work_.local.remove_file(path.value());
    if (!goes) stays(thing.path, thing.found);
  }

  std::string_view why_it_stays(const Entry& file) const {
    if (is_hive_log(file.path)) return hive_stays_ ? "belongs to the hive that stays" : std::string_view();
    if (hive_is_held_ && is_hive(file.path)) return "in use, and what is written to it from now on is nowhere else";
    if (const Entry* agreed = base_.local.find(file.path)) {
      return same_stamp(*agreed, file) ? why_it_is_missing(file.path) : "written since it was published";
    }
    if (!built_in_.admits(file.path, false)) return {};
    if (!work_.options.filter.admits(file.path, false)) return "excluded, so it never went up";
    return "not published by this session";
  }

  bool is_on_server(const ProfilePath& path) const {
    const Entry* there = server_.find(path);
    return there != nullptr && there->is_file();
  }

  std::string_view why_it_is_missing(const ProfilePath& path) const {
    if (is_on_server(path)) return {};
    if (obstacles_.covering(path) != nullptr) return "hidden on the server";
    return server_has_lost_them_ ? "missing on the server, and too much is for all to have been deleted"
                                 : std::string_view();
  }

  bool may_delete_what_is_missing() const {
    const auto is_missing = [this](const Entry& agreed) { return agreed.is_file() && !is_on_server(agreed.path); };
    const auto missing = static_cast<std::size_t>(std::ranges::count_if(base_.local.entries(), is_missing));
    return work_.options.deletion_guard.allows(missing, base_.local.file_count());
  }

  void remove_folder(const ProfilePath& folder) {
    const auto removed = work_.local.remove_directory(folder);
    if (removed) {
      touched_.erase(folder);
      touched_.insert(folder.parent());
      return;
    }
    if (removed.error().code() == std::errc::directory_not_empty) return;  // what is in it has been named
    stays(folder.text(), removed.error().message());
  }

  Result<void> remove_file(const Entry& file) {
    const ProfilePath aside = aside_.child_unchecked("file");
    if (const auto moved = work_.local.replace(file.path, aside); !moved) {
      stays(file.path.text(), moved.error().message());
      return success();
    }
    touched_.insert(file.path.parent());
    const auto now = work_.local.stat(aside);
    if (now && now.value() && same_stamp(*now.value(), file)) return work_.local.remove_file(aside);
    return put_back(file.path, aside);
  }

  // Saved again between two looks; or, where the name is taken already, saved under a new file of that name.
  Result<void> put_back(const ProfilePath& path, const ProfilePath& aside) {
    BOOST_OUTCOME_TRY(const auto taken, work_.local.stat(path));
    const ProfilePath place =
        taken ? path.parent().child_unchecked(std::string(path.name()) + " (" + transaction_ + ")") : path;
    BOOST_OUTCOME_TRY(work_.local.replace(aside, place));
    stays(place.text(), "written this very moment");
    return success();
  }

  void stays(std::string_view path, std::string_view why) {
    constexpr std::size_t named_max = 20;
    if (++staying_ > named_max) return;
    (named_ += (named_.empty() ? "" : ", ")) += path;
    (named_ += " (") += why;
    named_ += ')';
    if (staying_ == named_max) named_ += ", …";
  }

  void tell() {
    if (staying_ == 0) return;
    work_.notice(event_id::none, Level::warning,
                 "the local copy " + work_.local.location() + " is deleted but for what is nowhere else, " +
                     std::to_string(staying_) + (staying_ == 1 ? " thing: " : " things: ") + named_);
  }

  Workspace& work_;
  const Base base_;
  const Tree& server_;
  const Obstacles obstacles_;
  const bool server_has_lost_them_;
  const std::string transaction_;
  const ProfilePath aside_;
  const Filter built_in_;
  std::set<ProfilePath, PathOrder> touched_;  ///< folders that stay, with names gone from them
  bool hive_is_held_ = false;
  bool hive_stays_ = false;
  std::size_t staying_ = 0;
  std::string named_;
};

Result<void> try_to_delete(Workspace& work, const Tree& server, std::span<const std::string> obstacles) {
  BOOST_OUTCOME_TRY(BaseRecord saved, load_base(work));
  BOOST_OUTCOME_TRY(save_base(work, {}));
  return CacheRemoval(work, std::move(saved.base), server, obstacles).run();
}

}  // namespace

void delete_cache(Workspace& work, const Tree& server, std::span<const std::string> obstacles) {
  work.step("delete the local copy");
  if (const auto deleted = try_to_delete(work, server, obstacles); !deleted) {
    work.notice(
        event_id::none, Level::warning,
        "the local copy " + work.local.location() + " is not deleted, or not all of it: " + deleted.error().message());
  }
}

}  // namespace roamsync
