/// @file
/// scan: a store's tree, its folders listed in parallel lanes.
///
/// A folder that cannot be listed fails the scan: what cannot be seen must not pass for deleted. A folder that is removed
/// while the scan is under way is not in the tree.
#pragma once

#include <roamsync/filter.hpp>
#include <roamsync/store.hpp>

#include <stop_token>

namespace roamsync {

struct ScanOptions {
  /// Null: everything but roamsync's own names. What it excludes is in no part of the result; an excluded folder is in the
  /// tree when something below it is included.
  const Filter* filter = nullptr;
  unsigned lanes = 2;  ///< folders listed at a time; 1 makes the order of calls the same every time
  /// This store's tree as somebody remembers it. A folder in which no name came or went since (Entry::modified) is not
  /// listed; what it has in that tree is looked at. What is as it was comes with the digest that tree has of it, and where all
  /// is as it was the result shares its entries. Must outlive the scan.
  const Tree* known = nullptr;
  bool marks_access = false;  ///< gives entries the marks of their access lists, as far as the store keeps any
  std::stop_token stop = {};
  /// Where somebody already knows the tree (generation numbers say that it has not changed): only the root and the folders
  /// of `look_again` are listed, and what is found there that the tree does not know; all else is taken from the tree, and
  /// where nothing else was found the result shares its entries. Not together with `known`.
  /// `look_again` is in PathOrder and holds every folder above its own. Both must outlive the scan.
  const Tree* remembered = nullptr;
  std::span<const ProfilePath> look_again = {};
};

struct ScanResult {
  /// A folder has a time in it (Entry::modified) when all that is right below it is in the tree, too.
  Tree tree;
  /// What cannot roam, sorted by path: links, devices, names and paths Windows cannot have, a folder that has the hive's name
  /// or that of its staged copy, and of two names that differ only in case the later one. Left where it is; a planner must
  /// not take it for deleted.
  std::vector<Unusable> unusable;
  /// roamsync's temporary names met on the way (outermost only): left behind for recovery to sweep, or a user's by mistake.
  std::vector<ProfilePath> temporaries;
};

Result<ScanResult> scan(Store& store, const ScanOptions& options = {});

}  // namespace roamsync
