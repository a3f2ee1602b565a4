/// @file
/// Obstacles: what lies on one side and is no part of its tree: links, devices, names Windows cannot have.
#pragma once

#include <roamsync/tree.hpp>

#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace roamsync {

class Obstacles {
 public:
  /// `paths` as the system spells them, relative to the root; they may be no valid ProfilePath.
  Obstacles(std::span<const std::string> paths, const Tree& side);

  bool empty() const noexcept { return all_.empty(); }
  /// The obstacle at `path` or above it, as the system spells it; null when there is none. Case twins count too.
  const std::string* covering(const ProfilePath& path) const;
  /// The same without case twins: an obstacle whose name the side's tree has hides nothing when that one is written.
  const std::string* blocking(const ProfilePath& path) const;
  /// True when an obstacle stands below `folder`.
  bool any_below(const ProfilePath& folder) const;
  bool contains(const ProfilePath& path) const;

 private:
  struct Obstacle {
    std::string spelled;
    bool twin;  ///< the side's tree has an entry of that name
  };
  const Obstacle* find(const ProfilePath& path, bool with_twins) const;

  std::unordered_map<std::string, Obstacle> all_;  // by upper-cased path
  std::unordered_set<std::string> folders_;        // all folders above them, upper-cased
};

}  // namespace roamsync
