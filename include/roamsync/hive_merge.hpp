/// @file
/// Three-way merge of registry hives, key by key and value by value.
///
/// `base` is what both sides began with. What only one side changed is taken; what both changed alike is one change; what
/// they changed differently is a conflict. A conflict is settled by policy, never asked about, and listed with what each side
/// had. Deleting against changing is a conflict; a key deleted on one side and changed anywhere below on the other is one
/// conflict for the whole key. Values, keys, class names and descriptors are merged; a key's time is that of the side taken,
/// and the newer one when both changed it. How a name is spelled is merged for itself and is never a conflict, and so are a
/// key's flags, bit by bit.
///
/// The rules do not depend on which side is called local: swapping the sides swaps the answers. With `newest` the side whose
/// key was written later wins; at equal times a change wins over a deletion, and of two changes the one with the greater
/// bytes, so that two machines that merge on their own come to the same hive.
///
/// The result is written by `write_hive`, judged by `check_hive` and compared with what was meant before it is given out.
/// Threads: pure functions. Memory: the result and its nodes, about 1.6 times a hive, beside the three given.
#pragma once

#include <roamsync/hive_tree.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace roamsync::hive {

enum class Prefer { newest, local, server };
enum class Side { local, server };
enum class ConflictKind { value, key, class_name, security };

/// `value`, `key`, `class_name`, `security`.
std::string_view conflict_name(ConflictKind kind) noexcept;
/// `local`, `server`.
std::string_view side_name(Side side) noexcept;

/// What both sides changed differently. Views point into the hives given.
struct Conflict {
  ConflictKind kind = ConflictKind::value;
  std::string path = {};  ///< of the key, UTF-8, `\` between names
  Name value_name = {};   ///< for a value; empty for the default one
  /// What each had; nothing where it was absent. A class name or descriptor stands as bytes; of a key only its presence counts.
  std::optional<ValueNode> base = {}, local = {}, server = {};
  Side taken = Side::local;
  std::string reason = {};  ///< why this side, such as `newer key time`
};

struct MergeOptions {
  Prefer prefer = Prefer::newest;
};

struct Merged {
  std::vector<std::byte> file = {};
  std::vector<Conflict> conflicts = {};
};

/// Fails as `Hive::open` does for a hive that is not clean; the context's step names which one.
Result<Merged> merge_hives(std::span<const std::byte> base, std::span<const std::byte> local,
                           std::span<const std::byte> server, const MergeOptions& options = {});

/// The merge itself, without writing: the merged tree, with views into the three.
KeyNode merge_trees(Key base, Key local, Key server, Prefer prefer, std::vector<Conflict>& conflicts);

}  // namespace roamsync::hive
