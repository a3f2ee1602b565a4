#include "crash/explorer.hpp"

#include "support/change_set.hpp"
#include "support/difference.hpp"
#include "support/sub_store.hpp"

#include <roamsync/scan.hpp>

#include <algorithm>
#include <optional>
#include <sstream>

namespace roamsync::testing {
namespace {

constexpr std::size_t disks_of_a_publish = 64;  // at each cut; all of them when there are no more
constexpr std::size_t disks_of_a_recovery = 8;
constexpr std::uint64_t seed = 20'261'121;

std::string fingerprint(const MemoryStore::Content& content) {
  std::ostringstream text;
  for (const auto& [path, node] : content) {
    text << path.text() << '\n'
         << node.id << ' ' << node.attributes.modified.ticks << ' ' << node.bytes.size() << ' '
         << digest_of(node.bytes).text() << '\n';
  }
  return text.str();
}

}  // namespace

std::vector<std::string> Explorer::explore() {
  CrashStore disk(scenario_.before, options_);
  views_ = {view_of(disk.content())};
  SubStore target(disk, scenario_.profile);
  // On a server the records are part of the target's own store; that is another way through the code.
  const bool is_server = scenario_.profile.is_root();
  SubStore state(disk, ProfilePath());
  const RecordFolder records{.store = is_server ? static_cast<Store&>(target) : state, .folder = scenario_.records};
  std::vector<std::size_t> returned_at;
  for (const auto& publish : scenario_.publishes) {
    if (auto published = publish(target, records); !published) {
      return {"the publish failed: " + published.error().message()};
    }
    returned_at.push_back(disk.operations());
    views_.push_back(view_of(disk.content()));
  }

  // The last cuts first: that is where something can go wrong.
  for (std::size_t cut = disk.operations() + 1; cut-- > 0 && !enough();) {
    ++cuts_;
    const auto reached = static_cast<std::size_t>(
        std::ranges::count_if(returned_at, [&](std::size_t operations) { return operations <= cut; }));
    const std::string where = "cut " + std::to_string(cut) + " of " + std::to_string(disk.operations());
    for (auto& content : disk.disks_after(cut, disks_of_a_publish, seed)) add(std::move(content), where, reached);

    // The process alone dies; its successor starts on what nobody flushed, and then the power goes.
    const auto killed = disk.killed_after(cut);
    check_unrecovered(killed->content(), where + ", killed");
    if (!recover_all(*killed, where + ", killed")) continue;
    check_recovered(killed->content(), where + ", killed", reached);
    for (std::size_t second = cut; second <= killed->operations(); ++second) {
      ++cuts_;
      const std::string later = where + ", killed, cut " + std::to_string(second) + " in its recovery";
      for (auto& content : killed->disks_after(second, disks_of_a_recovery, seed)) {
        add(std::move(content), later, reached);
      }
    }
    settle_all();
  }
  return violations_;
}

void Explorer::add(MemoryStore::Content content, const std::string& where, std::size_t reached) {
  // A disk that has been looked at need not be again, unless more is expected of it now.
  if (!seen_.insert(fingerprint(content) + (std::to_string(reached))).second) return;
  waiting_.push_back({.content = std::move(content), .where = where, .reached = reached});
}

void Explorer::settle_all() {
  while (!waiting_.empty() && !enough()) {
    const Waiting one = std::move(waiting_.back());
    waiting_.pop_back();
    check_unrecovered(one.content, one.where);
    CrashStore disk(one.content, options_);
    if (!recover_all(disk, one.where)) continue;
    check_recovered(disk.content(), one.where, one.reached);
    for (std::size_t cut = 0; cut <= disk.operations(); ++cut) {
      ++cuts_;
      for (auto& content : disk.disks_after(cut, disks_of_a_recovery, seed)) {
        add(std::move(content), one.where + ", again after " + std::to_string(cut), one.reached);
      }
    }
  }
  if (enough()) waiting_.clear();
}

// What logon and logoff do first: recover, then sweep what the scan met.
bool Explorer::recover_all(CrashStore& disk, const std::string& where) {
  SubStore target(disk, scenario_.profile);
  SubStore state(disk, ProfilePath());
  const RecordFolder records{.store = scenario_.profile.is_root() ? static_cast<Store&>(target) : state,
                             .folder = scenario_.records};
  const auto recovered = recover(target, records);
  if (!recovered) {
    violation(where, "recovery failed: " + recovered.error().message());
    return false;
  }
  const auto scanned = scan(target, {.lanes = 1});
  if (!scanned) {
    violation(where, "scan failed: " + scanned.error().message());
    return false;
  }
  if (const auto swept = sweep(target, scanned.value().temporaries); !swept) {
    violation(where, "sweep failed: " + swept.error().message());
    return false;
  }
  return true;
}

Explorer::View Explorer::view_of(const MemoryStore::Content& content) const {
  View view;
  const ProfilePath head = scenario_.records.child_unchecked("head");
  MemoryStore::Content profile;
  for (const auto& [path, node] : content) {
    if (path == head) view.head = text_of(node.bytes);
    if (scenario_.profile.is_root()) {
      profile.emplace(path, node);
    } else if (scenario_.profile.contains(path) && path != scenario_.profile) {
      profile.emplace(at(path.text().substr(scenario_.profile.text().size() + 1)), node);
    }
  }
  view.profile = profile_of(profile);
  return view;
}

// KB Q191834, and more: at every moment the hive is entirely that of one generation, and the files beside it are that
// generation's or, whole, the next one's: never a new hive among old files.
void Explorer::check_unrecovered(const MemoryStore::Content& content, const std::string& where) {
  const View view = view_of(content);
  const auto value_at = [](const View& one, const std::string& path) {
    const auto found = one.profile.find(path);
    return found == one.profile.end() ? std::optional<std::string>() : found->second;
  };
  const auto hive = value_at(view, "NTUSER.DAT");
  const auto generation =
      std::ranges::find_if(views_, [&](const View& one) { return value_at(one, "NTUSER.DAT") == hive; });
  if (generation == views_.end()) return violation(where, "the hive is none of those published");
  const View& next = std::next(generation) == views_.end() ? *generation : *std::next(generation);
  for (const View* one : std::initializer_list<const View*>{&view, &*generation, &next}) {
    for (const auto& [path, bytes] : one->profile) {
      const auto found = value_at(view, path);
      if (found == value_at(*generation, path) || found == value_at(next, path)) continue;
      return violation(where, "beside the hive of generation " + std::to_string(generation - views_.begin()) +
                                  " stands another's " + path);
    }
  }
}

void Explorer::check_recovered(const MemoryStore::Content& content, const std::string& where, std::size_t reached) {
  const View view = view_of(content);
  const auto is_view = std::ranges::find(views_, view) - views_.begin();
  if (is_view == std::ssize(views_)) {
    std::string text = "this was never published:";
    for (const View& one : views_) text += " [" + difference(view.profile, one.profile) + " head " + one.head + "]";
    violation(where, text + " head " + view.head);
  } else if (is_view < static_cast<std::ptrdiff_t>(reached)) {
    violation(where, "what was published is lost");
  }
  for (const auto& [path, node] : content) {
    const std::string_view name = path.name();
    const bool is_intent = path == scenario_.records.child_unchecked(intent_name);
    if (is_intent || name.ends_with(".tmp")) violation(where, "left behind: " + std::string(path.text()));
  }
}

void Explorer::violation(const std::string& where, const std::string& what) {
  if (!enough()) violations_.push_back(where + ": " + what);
}

}  // namespace roamsync::testing
