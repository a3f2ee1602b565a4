/// @file
/// Compares two hives key by key and value by value.
///
/// Keys and values are matched by name, case-blind. A key counts as changed when its class, descriptor, flags or the spelling
/// of its name differ; its time alone is no change. A value is changed when its type, data or the spelling of its name
/// differ. The order of values means nothing.
///
/// Cost: linear in both hives, plus sorting where value lists differ. Threads: pure functions.
#pragma once

#include <roamsync/hive_text.hpp>
#include <roamsync/hive_tree.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace roamsync::hive {

enum class ChangeKind { key_added, key_removed, key_changed, value_added, value_removed, value_changed };

/// `key_added` and the like.
std::string_view change_name(ChangeKind kind) noexcept;

/// One difference. Views live as long as the hives, `path` as long as the call.
struct Change {
  ChangeKind kind;
  std::string_view path;  ///< of the key, UTF-8, `\` between names; the root's is empty
  std::optional<Key> old_key, new_key;
  std::optional<ValueNode> old_value, new_value;  ///< only for changes of values
};

/// Tells every change, a key before its values and these before its subkeys, in the order of names. What is below an added or
/// removed key is told one by one.
void diff_hives(Key old_root, Key new_root, const std::function<void(const Change&)>& tell);

/// The same as text that turns the old hive into the new one when imported: `[-key]`, `"value"=-`; what was there before
/// stands in comments. Only `;` comments tell of classes, descriptors and flags. Returns whether there is any change.
bool diff_text(Key old_root, Key new_root, const TextSink& sink, const TextOptions& options = {});

/// True when two keys hold the same, times aside.
bool same_content(Key left, Key right);

}  // namespace roamsync::hive
