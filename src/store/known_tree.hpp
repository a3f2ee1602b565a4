/// @file
/// KnownTree: what stands right in each folder of a tree that somebody remembers, for a scan that spares the listing.
#pragma once

#include <roamsync/tree.hpp>

#include <vector>

namespace roamsync {

/// Threads: reading from several is fine. `tree` must outlive it and stay as it is.
class KnownTree {
 public:
  explicit KnownTree(const Tree& tree);

  const Entry* find(const ProfilePath& path) const { return tree_.find(path); }
  /// Of a folder of the tree: all in it, at any depth, is spelled as it is. A tree that was put together from two sides may spell
  /// a folder in one way and what is in it in another: by such a name a case-sensitive store finds nothing.
  bool is_spelled_in_one_way(const Entry& folder) const { return !mixed_[index_of(folder)]; }
  /// Files and folders right in a folder of the tree, in PathOrder.
  std::vector<const Entry*> names_in(const Entry& folder) const;

 private:
  std::size_t index_of(const Entry& entry) const { return static_cast<std::size_t>(&entry - tree_.entries().data()); }

  const Tree& tree_;
  std::vector<std::size_t> end_;  ///< of each entry: the index behind all that is below it
  std::vector<bool> mixed_;       ///< of each folder: not spelled in one way
};

}  // namespace roamsync
