/// @file
/// MemoryStore: a store in memory, complete in behaviour, for tests, simulations and the conformance suite.
///
/// It keeps what a disk keeps: a reader opened before a replacement goes on reading the old file, preserve() makes a second
/// name of the same file, a lock lives until it is destroyed. It is durable as far as its process lives: flush() only checks that
/// the files are there. Times of files are those given, cut to traits.time_resolution; ids count up, so a run repeats exactly.
///
/// Traits may be switched off to imitate a poorer store: without posix_modes no entry has a mode, without
/// duplicates_cheaply clone_from() declines, without case_sensitive names are compared as Windows does and keep the spelling
/// they were made with.
///
/// Threads: as every Store; content() is one moment's picture.
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
  friend bool operator==(const MemoryNode&, const MemoryNode&) = default;
};

/// The order of a store's names: PathOrder, or, where case counts, the same walk with siblings in byte order.
struct MemoryOrder {
  bool case_sensitive = false;
  bool operator()(const ProfilePath& left, const ProfilePath& right) const noexcept;
};

class MemoryStore : public Store {
 public:
  using Content = std::map<ProfilePath, MemoryNode, MemoryOrder>;
  /// Everything in the store, including records and temporary names: a copy of the disk, to compare or to start from.
  virtual Content content() const = 0;
  /// Folders that are missing above an entry are made. Readers and writers that are open keep their own file.
  virtual void set_content(const Content& content) = 0;
  /// Puts a file with its parents, for tests.
  virtual void put_file(const ProfilePath& path, std::string_view bytes, FileTime modified = {}) = 0;
  virtual void set_owner(StoreOwner owner) = 0;
};

}  // namespace roamsync
