/// @file
/// Disk: what one computer stores, and what a power cut leaves of it.
///
/// Sessions work on it through the crash model of support/crash_store.hpp. Users, and the system that writes back what it holds
/// when it has time, make everything durable: what a power cut may take is what roamsync did since then and did not flush.
#pragma once

#include "support/crash_store.hpp"

#include <functional>

namespace roamsync::sim {

using Content = MemoryStore::Content;

class Disk {
 public:
  explicit Disk(testing::CrashOptions options = {});

  testing::CrashStore& store() { return *store_; }
  Content content() const { return store_->content(); }

  /// What lies there now is there for good.
  void write_back() { replace_with(content()); }
  void replace_with(const Content& content);
  /// Some of the disks that a power cut may leave now, the extremes among them.
  std::vector<Content> after_power_cut(std::uint64_t seed) const;

 private:
  testing::CrashOptions options_;
  std::unique_ptr<testing::CrashStore> store_;
};

/// On a workstation's disk; a server's is the profile, with its records in it.
inline const ProfilePath profile_folder = ProfilePath::literal("profile");
inline const ProfilePath state_folder = ProfilePath::literal("state");

/// A folder of a disk as a disk of its own.
Content content_below(const Content& content, const ProfilePath& folder);

}  // namespace roamsync::sim
