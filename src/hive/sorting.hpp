/// @file
/// Keys and values in the order of their names, and the key flags that are content rather than layout.
#pragma once

#include <roamsync/hive_tree.hpp>

#include <algorithm>
#include <vector>

#include "hive/records.hpp"

namespace roamsync::hive {

/// Flags that say nothing about a key but where it stands and how its name is stored.
constexpr std::uint16_t stored_flags(std::uint16_t flags) noexcept {
  return flags & static_cast<std::uint16_t>(~(key_flag::hive_entry | key_flag::no_delete | key_flag::compressed_name));
}

/// Pointers to the nodes, sorted by name; not moved when they are in order already.
template <class Node>
std::vector<const Node*> sorted_by_name(const std::vector<Node>& nodes) {
  std::vector<const Node*> sorted;
  sorted.reserve(nodes.size());
  for (const Node& node : nodes) sorted.push_back(&node);
  const auto before = [](const Node* left, const Node* right) { return left->name.compare(right->name) < 0; };
  if (!std::is_sorted(sorted.begin(), sorted.end(), before)) std::stable_sort(sorted.begin(), sorted.end(), before);
  return sorted;
}

template <class Node>
void sort_by_name(std::vector<Node>& nodes) {
  std::stable_sort(nodes.begin(), nodes.end(),
                   [](const Node& left, const Node& right) { return left.name.compare(right.name) < 0; });
}

}  // namespace roamsync::hive
