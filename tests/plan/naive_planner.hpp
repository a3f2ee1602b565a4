/// @file
/// A planner that is easy to believe, for comparison: maps of names, a three-way merge of each value, no regard to cost.
/// Rules `base`, policies that never keep both, no obstacles, all digests known.
#pragma once

#include "plan/scenario.hpp"

#include <map>
#include <optional>
#include <set>

namespace roamsync::testing {

class NaivePlanner {
 public:
  explicit NaivePlanner(const Scenario& scenario) : scenario_(scenario) {
    const bool to_server = scenario.direction == Direction::logoff;
    source_ = values(to_server ? scenario.local : scenario.server);
    target_ = values(to_server ? scenario.server : scenario.local);
    // Both sides of a base hold the same contents.
    base_ = values(scenario.base.local);
    for (const Values* side : {&source_, &target_}) {
      if (has_files(*side)) continue;
      std::erase_if(base_, [&](const auto& value) { return !side->contains(value.first); });
    }
    for (const auto* map : {&source_, &target_, &base_}) {
      for (const auto& [key, value] : *map) keys_.insert(key);
    }
  }

  std::vector<std::string> target_after() {
    std::map<std::string, std::string> result;
    for (const std::string& key : keys_) {
      const std::string* head = swap_above(key);
      std::optional<std::string> value;
      if (head == nullptr) {
        value = merged(key);
      } else {
        value = source_wins_swap(*head) ? at(source_, key) : at(target_, key);
      }
      if (value) result[key] = *value;
    }
    // Whatever stays or comes needs its folders.
    std::map<std::string, std::string> closed = result;
    for (const auto& [key, value] : result) {
      for (std::size_t slash = key.rfind('/'); slash != key.npos; slash = key.rfind('/', slash - 1)) {
        closed[key.substr(0, slash)] = folder;
        if (slash == 0) break;
      }
    }
    std::vector<Entry> order;
    for (const auto& [key, value] : closed) order.push_back({.path = ProfilePath::literal(key)});
    std::vector<std::string> lines;
    const Tree sorted(std::move(order));
    for (const Entry& entry : sorted.entries()) lines.push_back(entry.path.key() + ' ' + closed.at(entry.path.key()));
    return lines;
  }

 private:
  using Values = std::map<std::string, std::string>;
  inline static const std::string folder = "folder";

  static Values values(const Tree& tree) {
    Values map;
    for (const Entry& entry : tree.entries())
      map[entry.path.key()] = entry.is_directory() ? folder : entry.digest->text();
    return map;
  }
  static bool has_files(const Values& map) {
    for (const auto& [key, value] : map) {
      if (value != folder) return true;
    }
    return false;
  }
  static std::optional<std::string> at(const Values& map, const std::string& key) {
    const auto found = map.find(key);
    return found == map.end() ? std::nullopt : std::optional(found->second);
  }

  // The outermost name at or above `key` that is a folder on one side and a file on the other.
  const std::string* swap_above(const std::string& key) {
    for (const std::string& head : keys_) {  // shorter prefixes come first
      if (key != head && !key.starts_with(head + '/')) continue;
      const auto source = at(source_, head);
      const auto target = at(target_, head);
      if (source && target && (*source == folder) != (*target == folder)) return &head;
    }
    return nullptr;
  }

  bool source_wins_swap(const std::string& head) {
    bool source_changed = false;
    bool target_changed = false;
    for (const std::string& key : keys_) {
      if (key != head && !key.starts_with(head + '/')) continue;
      source_changed = source_changed || at(source_, key) != at(base_, key);
      target_changed = target_changed || at(target_, key) != at(base_, key);
    }
    if (!source_changed || !target_changed) return source_changed;
    return policy_takes_source(head, ConflictKind::kind_differs);
  }

  std::optional<std::string> merged(const std::string& key) {
    const auto source = at(source_, key);
    const auto target = at(target_, key);
    auto base = at(base_, key);
    if (key == "NTUSER.DAT" && (!source || !target)) base.reset();
    if (source == base) return target;
    if (target == base || source == target) return source;
    if (!target && *source == folder) return source;
    if (!source && *target == folder) return target;
    return policy_takes_source(key, ConflictKind::both_changed) ? source : target;
  }

  bool policy_takes_source(const std::string& key, ConflictKind kind) {
    const ProfilePath path = ProfilePath::literal(key);
    const Triple triple{scenario_.local.find(path), scenario_.server.find(path), nullptr, nullptr};
    const Choice choice = scenario_.policy->choose(triple, kind);
    return choice == (scenario_.direction == Direction::logoff ? Choice::keep_local : Choice::keep_server);
  }

  const Scenario& scenario_;
  Values source_;
  Values target_;
  Values base_;
  std::set<std::string> keys_;
};

inline std::vector<std::string> naive_target_after(const Scenario& scenario) {
  return NaivePlanner(scenario).target_after();
}

}  // namespace roamsync::testing
