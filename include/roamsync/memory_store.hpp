/// @file
/// MemoryStore: a store in memory, complete in behaviour, for tests, simulations and the conformance suite.
///
/// It is durable as far as its process lives. Times of files are those given; ids count up, so a run repeats exactly.
/// A copy of the object is a copy of the disk: what a crash test compares.
#pragma once

#include <roamsync/store.hpp>

#include <map>

namespace roamsync {

struct MemoryStoreOptions {
  StoreTraits traits = {.atomic_replace = true,
                        .durable_flush = true,
                        .case_sensitive = false,
                        .security_descriptors = false,
                        .posix_modes = true,
                        .duplicates_cheaply = true,
                        .time_resolution = std::chrono::nanoseconds(100)};
  std::uint64_t capacity = UINT64_MAX;  ///< bytes; writing past it fails with std::errc::no_space_on_device
  std::string location = "memory:";
  StoreOwner owner = {.name = "user", .is_administrator = false};
};

class MemoryStore;
std::unique_ptr<MemoryStore> make_memory_store(MemoryStoreOptions options = {});

/// One node of the store's content, public for tests that look at or prepare a disk.
struct MemoryNode {
  EntryKind kind = EntryKind::file;
  std::vector<std::byte> bytes = {};
  FileAttributes attributes = {};
  std::uint64_t id = 0;
  friend bool operator==(const MemoryNode&, const MemoryNode&);
};

class MemoryStore : public Store {
 public:
  using Content = std::map<ProfilePath, MemoryNode, PathOrder>;
  /// Everything in the store, including records and temporary names.
  virtual Content content() const = 0;
  virtual void set_content(Content content) = 0;
  /// Puts a file with its parents, for tests.
  virtual void put_file(const ProfilePath& path, std::string_view bytes, FileTime modified = {}) = 0;
  virtual void set_owner(StoreOwner owner) = 0;
};

}  // namespace roamsync
