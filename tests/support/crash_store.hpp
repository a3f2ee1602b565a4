/// @file
/// CrashStore: a store in memory that remembers every operation, and from them tells every disk a power cut may leave.
///
/// The fault model. A disk is files, each with bytes and attributes, and names in folders that lead to them. Operations
/// change one or the other, and become durable by flushes alone:
///
/// - Bytes and attributes of a file (create, write, resize, finish) are durable once flush() has named the file. Until then
///   a power cut keeps them, loses them (the file is as at its last flush; a new one is empty), or tears them: the first half
///   arrived, or all but one page of 4 KiB, which reads as zeros.
/// - Names (create, make_directory, preserve, replace, remove) are durable once flush_directories() has named a folder
///   that the change touches, or flush() a file in it. The folder's own name is another change, in the folder above. A
///   rename is one change: both names or neither. Until then a power cut keeps the changes up to some moment
///   (`NameOrder::in_order`: a journal such as ext4's), or any of them without the others (`any_subset`: what POSIX allows).
/// - A process that is killed loses nothing, but makes nothing durable either: what it did can still be lost by a power cut
///   in its successor's time (`killed_after`).
/// - A flush that returned is kept. `lies_about` makes a disk on which this does not hold, for tests of the test.
///
/// What a model with more faults than this would find is the business of verification and checksums, not of ordering.
#pragma once

#include <roamsync/memory_store.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace roamsync::testing {

enum class NameOrder { in_order, any_subset };

struct CrashOptions {
  NameOrder names = NameOrder::any_subset;
  /// Flushes of these files and folders are acknowledged and not made.
  std::function<bool(const ProfilePath&)> lies_about = {};
};

/// What names lead to. The root is 0. Names are compared as the store does: a name in another case is another spelling of it.
struct DiskGraph {
  struct Node {
    EntryKind kind = EntryKind::file;
    std::vector<std::byte> bytes = {};
    FileAttributes attributes = {};
  };
  struct CaseBlind {
    bool operator()(const std::pair<std::uint64_t, std::string>& left,
                    const std::pair<std::uint64_t, std::string>& right) const noexcept;
  };
  std::map<std::uint64_t, Node> nodes;
  std::map<std::pair<std::uint64_t, std::string>, std::uint64_t, CaseBlind> names;

  explicit DiskGraph(const MemoryStore::Content& content);
  MemoryStore::Content content() const;
  std::uint64_t find(const ProfilePath& path) const;  ///< must be there
};

struct BytesChange {
  std::uint64_t node = 0;
  enum class What { write, resize, attributes } what = What::write;
  std::uint64_t offset = 0;  ///< of a write; of a resize the size
  std::vector<std::byte> bytes = {};
  FileAttributes attributes = {};
};
struct NameChange {
  struct Name {
    std::uint64_t folder = 0;
    std::string name = {};
    std::uint64_t node = 0;
    bool gone = false;
  };
  std::vector<Name> names;
  std::uint64_t made = 0;  ///< a node that comes with the name; 0: none
  DiskGraph::Node node = {};
};
struct FlushMade {
  std::vector<std::uint64_t> files;
  std::vector<std::uint64_t> folders;
};
using Operation = std::variant<BytesChange, NameChange, FlushMade>;

class CrashStore final : public Store {
 public:
  /// Everything on `disk` is durable.
  explicit CrashStore(const MemoryStore::Content& disk, CrashOptions options = {});
  ~CrashStore() override;

  /// What its user sees.
  MemoryStore::Content content() const { return live_->content(); }
  /// Operations done so far. A cut of n lies after the n-th.
  std::size_t operations() const noexcept { return log_.size(); }
  /// The disks that are possible when the power goes after `cut`: all of them when there are at most `disks_max`, else so many
  /// drawn with `seed`, the extremes among them.
  std::vector<MemoryStore::Content> disks_after(std::size_t cut, std::size_t disks_max, std::uint64_t seed) const;
  /// The same machine, going on without the process that died after `cut`.
  std::unique_ptr<CrashStore> killed_after(std::size_t cut) const;

  StoreTraits traits() const override { return live_->traits(); }
  std::string location() const override { return live_->location(); }
  Result<Listing> list(const ProfilePath& directory) override { return live_->list(directory); }
  Result<std::optional<Entry>> stat(const ProfilePath& path) override { return live_->stat(path); }
  Result<std::unique_ptr<Reader>> open(const ProfilePath& path) override { return live_->open(path); }
  Result<StoreSpace> space() override { return live_->space(); }
  Result<StoreOwner> owner() override { return live_->owner(); }
  Result<std::unique_ptr<Writer>> create(const ProfilePath& path) override;
  Result<std::unique_ptr<Writer>> duplicate(const ProfilePath& from, const ProfilePath& to,
                                            std::stop_token stop) override;
  Result<void> preserve(const ProfilePath& from, const ProfilePath& to) override;
  Result<void> make_directory(const ProfilePath& path, std::uint32_t mode) override;
  Result<void> flush(std::span<const ProfilePath> files) override;
  Result<void> flush_directories(std::span<const ProfilePath> directories) override;
  Result<void> replace(const ProfilePath& from, const ProfilePath& to) override;
  Result<void> remove_file(const ProfilePath& path) override;
  Result<void> remove_directory(const ProfilePath& path) override;
  Result<std::unique_ptr<StoreLock>> lock(const ProfilePath& path, LockMode mode, std::string_view holder,
                                          std::chrono::milliseconds patience) override;

 private:
  class RecordingWriter;
  struct Pending;

  void record(Operation operation);
  void record_new(const ProfilePath& path);
  void record_removal(const ProfilePath& path);
  NameChange::Name name_of(const ProfilePath& path, std::uint64_t node) const;
  Pending pending_at(std::size_t cut) const;
  bool lies(const ProfilePath& path) const { return options_.lies_about && options_.lies_about(path); }

  CrashOptions options_;
  std::unique_ptr<MemoryStore> live_;
  DiskGraph durable_;  // as it was when the log began
  DiskGraph now_;
  std::vector<Operation> log_;
};

}  // namespace roamsync::testing
