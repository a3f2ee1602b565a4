/// @file
/// A hive's keys as plain values in memory: to build one, to change one, to write one; and to rescue what is left of a
/// damaged one.
///
/// A `KeyNode` is a key with all below it. Its names, data and descriptors are views: into the hives it was read from, or into
/// what its `Tree` keeps. Both must outlive the use of the node. 24 MiB of hive with 200,000 values take about 14 MiB of nodes.
///
/// Threads: values; a `Tree` is not to be changed while another thread reads it.
#pragma once

#include <roamsync/hive.hpp>

#include <deque>
#include <string>
#include <vector>

namespace roamsync::hive {

struct ValueNode {
  Name name = {};
  std::uint32_t type = 0;
  Data data = {};
};

struct KeyNode {
  Name name = {};
  FileTime time = {};
  std::uint16_t flags = 0;  ///< as stored; those that say where and how the name stands are set by the writer
  std::uint16_t user_flags = 0;
  std::uint32_t access_bits = 0;
  std::uint32_t predefined_handle = 0;  ///< only with flag 0x40; such a key has no values
  Name class_name = {};
  std::span<const std::byte> security = {};
  std::vector<ValueNode> values = {};
  std::vector<KeyNode> subkeys = {};  ///< in any order; the writer sorts
};

/// The key itself, without values and subkeys.
KeyNode node_of(Key key);
ValueNode node_of(Value value);
/// The key with everything below it.
KeyNode read_tree(Key key);

/// A root key and the storage for what was not read from a hive.
struct Tree {
  KeyNode root = {};

  Name keep(std::u16string name) { return Name(names_.emplace_back(std::move(name))); }
  std::span<const std::byte> keep(std::vector<std::byte> bytes) { return bytes_.emplace_back(std::move(bytes)); }

 private:
  std::deque<std::u16string> names_ = {};  // deques: what was handed out stays where it is
  std::deque<std::vector<std::byte>> bytes_ = {};
};

/// True when both hold the same keys and values: names by their spelling, types, data, times, flags, classes, descriptors.
/// The order of values does not count.
bool same_tree(const KeyNode& left, Key right);

struct WriteOptions {
  std::uint32_t minor = 5;     ///< 3 or 5
  std::uint32_t sequence = 1;  ///< both numbers of the header
  FileTime time = {};          ///< the header's last-written time
};

/// A complete clean hive: cells packed, equal descriptors shared and counted, lists sorted and split as Windows does, long
/// data in segments from 1.4 on. Equal trees give equal bytes. Fails with Errc::not_supported for what no hive can hold: two
/// subkeys of one name, an empty or over-long name, a key without a descriptor, more than 512 levels, more than 2 GiB.
Result<std::vector<std::byte>> write_hive(const KeyNode& root, const WriteOptions& options = {});

/// What lenient reading found.
struct Rescue {
  Tree tree = {};
  std::vector<HiveFault> warnings = {};  ///< at most 1000; each with the offset of what was left out or mended
  bool complete = false;                 ///< no warnings: nothing was left out
};

/// Reads all that can be reached of a hive, however damaged: for rescue, not for judgement. Looks for the root where the
/// header says and else for a root key anywhere. Always ends; each cell is read once, and all data together never exceeds the
/// file. The tree's views point into `file`. What it gives can be written by `write_hive`.
Rescue rescue_hive(std::span<const std::byte> file);

}  // namespace roamsync::hive
