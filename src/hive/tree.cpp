#include <roamsync/hive_tree.hpp>

#include <algorithm>

#include "hive/sorting.hpp"

namespace roamsync::hive {

KeyNode node_of(Key key) {
  return {.name = key.name(),
          .time = key.time(),
          .flags = key.flags(),
          .user_flags = key.user_flags(),
          .access_bits = key.access_bits(),
          .predefined_handle = key.predefined_handle().value_or(0),
          .class_name = key.class_name(),
          .security = key.security()};
}

ValueNode node_of(Value value) { return {.name = value.name(), .type = value.type(), .data = value.data()}; }

KeyNode read_tree(Key key) {
  KeyNode node = node_of(key);
  node.values.reserve(key.value_count());
  for (const Value value : key.values()) node.values.push_back(node_of(value));
  node.subkeys.reserve(key.subkey_count());
  for (const Key subkey : key.subkeys()) node.subkeys.push_back(read_tree(subkey));
  return node;
}

namespace {

bool same_key(const KeyNode& left, const KeyNode& right) {
  return left.name.identical(right.name) && left.time == right.time &&
         stored_flags(left.flags) == stored_flags(right.flags) && left.user_flags == right.user_flags &&
         left.access_bits == right.access_bits && left.predefined_handle == right.predefined_handle &&
         left.class_name.identical(right.class_name) && std::ranges::equal(left.security, right.security);
}

bool same_value(const ValueNode& left, const ValueNode& right) {
  return left.name.identical(right.name) && left.type == right.type && left.data == right.data;
}

bool same_values(const std::vector<ValueNode>& left, Key right) {
  if (left.size() != right.value_count()) return false;
  const auto theirs = right.values();
  if (std::equal(left.begin(), left.end(), theirs.begin(),
                 [](const ValueNode& mine, Value other) { return same_value(mine, node_of(other)); })) {
    return true;
  }
  std::vector<ValueNode> mine = left;
  std::vector<ValueNode> other;
  for (const Value value : theirs) other.push_back(node_of(value));
  sort_by_name(mine);
  sort_by_name(other);
  return std::ranges::equal(mine, other, same_value);
}

}  // namespace

bool same_tree(const KeyNode& left, Key right) {
  if (!same_key(left, node_of(right)) || !same_values(left.values, right)) return false;
  if (left.subkeys.size() != right.subkey_count()) return false;
  auto theirs = right.subkeys().begin();
  for (const KeyNode* mine : sorted_by_name(left.subkeys)) {
    if (theirs == std::default_sentinel || !same_tree(*mine, *theirs)) return false;
    ++theirs;
  }
  return true;
}

}  // namespace roamsync::hive
