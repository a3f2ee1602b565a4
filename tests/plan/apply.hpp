/// @file
/// Carries a plan out on trees, strictly: whatever a transaction could not do is an error.
#pragma once

#include "plan/scenario.hpp"

#include <stdexcept>

namespace roamsync::testing {

struct Applied {
  Tree local;
  Tree server;
};

class Applier {
 public:
  Applier(const Scenario& scenario, const Plan& plan)
      : plan_(plan),
        target_(plan.direction == Direction::logoff ? scenario.server : scenario.local),
        source_(plan.direction == Direction::logoff ? scenario.local : scenario.server) {}

  Applied run() {
    // Deletions first: what they leave in a folder that is to be replaced is an error.
    for (const Action& action : plan_.actions) {
      if (action.verb == Verb::delete_on_server || action.verb == Verb::delete_locally) remove(*action.target);
    }
    for (const Action& action : plan_.actions) {
      switch (action.verb) {
        case Verb::make_server_directory:
        case Verb::make_local_directory: make_directory(action); break;
        case Verb::upload:
        case Verb::download: put(action.path, action.source, action.target, action.keeps_target_access); break;
        case Verb::keep_both_on_server: put(*action.other_path, action.source, nullptr); break;
        case Verb::keep_both_locally:
          put(*action.other_path, action.target, nullptr);
          put(action.path, action.source, action.target, action.keeps_target_access);
          break;
        case Verb::merge_hive: merge(action); break;
        case Verb::set_access_on_server:
        case Verb::set_access_locally: set_access(action); break;
        case Verb::delete_on_server:
        case Verb::delete_locally: break;
        case Verb::conflict: fail(action.path, "is not decided");
      }
    }
    return plan_.direction == Direction::logoff ? Applied{source_, target_} : Applied{target_, source_};
  }

 private:
  [[noreturn]] static void fail(const ProfilePath& path, const char* why) {
    throw std::logic_error(std::string(path.text()) + ' ' + why);
  }

  void remove(const Entry& entry) {
    if (target_.find(entry.path) == nullptr) fail(entry.path, "is deleted twice");
    if (entry.is_directory() && !target_.below(entry.path).empty()) fail(entry.path, "is deleted with something in it");
    target_.erase(entry.path);
  }

  void check_place(const ProfilePath& path, const Entry* replaces) {
    const Entry* folder = path.parent().is_root() ? nullptr : target_.find(path.parent());
    if (!path.parent().is_root()) {
      if (folder == nullptr || folder->is_file()) fail(path, "has no folder to come into");
      if (folder->path.text() != path.parent().text()) fail(path, "does not spell its folder as the target does");
    }
    const Entry* there = target_.find(path);
    if ((there == nullptr) != (replaces == nullptr)) fail(path, "does not know what it replaces");
    if (there == nullptr) return;
    if (there->path != path || *there != *replaces) fail(path, "is not what it replaces");
    if (there->is_directory() && !target_.below(path).empty()) fail(path, "replaces a folder that is not empty");
  }

  void make_directory(const Action& action) {
    check_place(action.path, action.target);
    if (action.target != nullptr && action.target->is_directory()) fail(action.path, "is a folder already");
    target_.put({.path = action.path, .kind = EntryKind::directory, .access_mark = action.source->access_mark});
  }

  // Here a list has the same mark on both sides, so that what was carried shows.
  void set_access(const Action& action) {
    const Entry* there = target_.find(action.path);
    if (there == nullptr || !there->is_directory()) fail(action.path, "is no folder that could get a list");
    Entry entry = *there;
    entry.access_mark = action.source->access_mark;
    target_.put(std::move(entry));
  }

  void put(const ProfilePath& path, const Entry* source, const Entry* replaces, bool keeps_access = false) {
    check_place(path, replaces);
    Entry entry = *source;
    if (keeps_access) entry.access_mark = replaces->access_mark;
    entry.path = path;
    entry.id = next_id_++;
    target_.put(std::move(entry));
  }

  void merge(const Action& action) {
    Entry merged = *action.source;
    merged.path = action.path;
    merged.digest = content_digest("merged " + merged.digest->text() + action.target->digest->text());
    merged.id = next_id_++;
    target_.put(std::move(merged));
  }

  const Plan& plan_;
  Tree target_;
  Tree source_;
  std::uint64_t next_id_ = 1'000'000;
};

inline Applied apply(const Scenario& scenario, const Plan& plan) { return Applier(scenario, plan).run(); }

/// The next step of the same profile: the trees after the plan, with the next base.
inline Scenario after(const Scenario& scenario, const Plan& plan, Direction next) {
  Applied applied = apply(scenario, plan);
  Scenario following = scenario;
  following.base = next_base(scenario.input(), plan, applied.local, applied.server);
  following.local = std::move(applied.local);
  following.server = std::move(applied.server);
  following.direction = next;
  return following;
}

}  // namespace roamsync::testing
