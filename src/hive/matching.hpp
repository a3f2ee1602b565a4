/// @file
/// Walks the subkeys or values of several keys side by side: for each name, which of them have it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "hive/sorting.hpp"

namespace roamsync::hive {

/// A path that is one name longer while this lives.
class PathStep {
 public:
  PathStep(std::string& path, Name name) : path_(path), size_(path.size()) {
    if (size_ > 0) path_ += '\\';
    path_ += name.utf8();
  }
  ~PathStep() { path_.resize(size_); }
  PathStep(const PathStep&) = delete;
  PathStep& operator=(const PathStep&) = delete;

 private:
  std::string& path_;
  std::size_t size_;
};

/// Calls `visit` for each name among the subkeys of `keys`, in the order of names, with the subkey of each side that has one.
template <std::size_t N, class Visit>
void for_each_match(const std::array<std::optional<Key>, N>& keys, Visit&& visit) {
  std::array<std::optional<SubkeyRange::iterator>, N> at;
  for (std::size_t side = 0; side < N; ++side) {
    if (keys[side]) at[side] = keys[side]->subkeys().begin();
  }
  while (true) {
    std::array<std::optional<Key>, N> found;
    std::optional<Name> least;
    for (std::size_t side = 0; side < N; ++side) {
      if (!at[side] || *at[side] == std::default_sentinel) continue;
      const Name name = (**at[side]).name();
      const int order = least ? name.compare(*least) : -1;
      if (order > 0) continue;
      if (order < 0) found = {}, least = name;
      found[side] = **at[side];
    }
    if (!least) return;
    for (std::size_t side = 0; side < N; ++side) {
      if (found[side]) ++*at[side];
    }
    visit(found);
  }
}

inline std::vector<ValueNode> values_of(const std::optional<Key>& key) {
  std::vector<ValueNode> values;
  if (!key) return values;
  values.reserve(key->value_count());
  for (const Value value : key->values()) values.push_back(node_of(value));
  return values;
}

/// The same for values. Two values of one name in one key, which no rule of the format forbids, are matched in their order.
template <std::size_t N, class Visit>
void for_each_match(std::array<std::vector<ValueNode>, N>& lists, Visit&& visit) {
  for (auto& list : lists) {
    const auto before = [](const ValueNode& left, const ValueNode& right) { return left.name.compare(right.name) < 0; };
    if (!std::is_sorted(list.begin(), list.end(), before)) sort_by_name(list);
  }
  std::array<std::size_t, N> at{};
  while (true) {
    std::array<const ValueNode*, N> found{};
    const ValueNode* least = nullptr;
    for (std::size_t side = 0; side < N; ++side) {
      if (at[side] == lists[side].size()) continue;
      const ValueNode& value = lists[side][at[side]];
      const int order = least != nullptr ? value.name.compare(least->name) : -1;
      if (order > 0) continue;
      if (order < 0) found = {}, least = &value;
      found[side] = &value;
    }
    if (least == nullptr) return;
    for (std::size_t side = 0; side < N; ++side) {
      if (found[side] != nullptr) ++at[side];
    }
    visit(found);
  }
}

template <std::size_t N, class Visit>
void for_each_value_match(const std::array<std::optional<Key>, N>& keys, Visit&& visit) {
  std::array<std::vector<ValueNode>, N> lists;
  for (std::size_t side = 0; side < N; ++side) lists[side] = values_of(keys[side]);
  for_each_match(lists, visit);
}

}  // namespace roamsync::hive
