#include <roamsync/memory_store.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <mutex>

namespace roamsync {
namespace {

constexpr std::uint32_t file_mode_default = 0644;
constexpr std::uint32_t directory_mode_default = 0755;

// What the path of everything in the folder begins with.
std::string beginning_below(const ProfilePath& folder) { return std::string(folder.text()) + '/'; }

// A file or folder apart from its names: several names may share it, and readers keep it when its last name is gone.
struct Inode {
  explicit Inode(std::atomic<std::uint64_t>& used_bytes) : used(used_bytes) {}
  ~Inode() { used -= charged; }
  Inode(const Inode&) = delete;
  Inode& operator=(const Inode&) = delete;

  MemoryNode node;
  std::int64_t names_changed = 0;  // of a folder: the number of the change
  std::uint64_t charged = 0;       // what it takes of the capacity, reservation included
  std::size_t locks_shared = 0;
  bool locked_exclusive = false;
  std::atomic<std::uint64_t>& used;
};
using InodePointer = std::shared_ptr<Inode>;

// No two changes have the same, in whatever store: content moves from one to another and keeps its numbers of files.
std::int64_t number_of_change() noexcept {
  static std::atomic<std::int64_t> last = 0;
  return ++last;
}

class DiskInMemory final : public MemoryStore {
 public:
  explicit DiskInMemory(MemoryStoreOptions options)
      : options_(std::move(options)), names_(MemoryOrder{options_.traits.case_sensitive}) {}

  StoreTraits traits() const override { return options_.traits; }
  std::string location() const override { return options_.location; }

  Result<Listing> list(const ProfilePath& directory) override;
  Result<std::optional<Entry>> stat(const ProfilePath& path) override;
  Result<std::unique_ptr<Reader>> open(const ProfilePath& path) override;
  Result<StoreSpace> space() override {
    return StoreSpace{.available = options_.capacity - std::min(options_.capacity, used_.load())};
  }
  Result<StoreOwner> owner() override;

  Result<std::unique_ptr<Writer>> create(const ProfilePath& path) override;
  Result<std::unique_ptr<Writer>> duplicate(const ProfilePath& from, const ProfilePath& to,
                                            std::stop_token stop) override;
  Result<void> preserve(const ProfilePath& from, const ProfilePath& to) override;
  Result<void> make_directory(const ProfilePath& path, std::uint32_t mode) override;
  Result<void> set_folder_attributes(const ProfilePath& path,
                                     const std::vector<std::pair<std::string, std::string>>& extended) override;

  Result<void> flush(std::span<const ProfilePath> files) override;
  Result<void> flush_directories(std::span<const ProfilePath> directories) override;

  Result<void> replace(const ProfilePath& from, const ProfilePath& to) override;
  Result<void> remove_file(const ProfilePath& path) override;
  Result<void> remove_directory(const ProfilePath& path) override;

  Result<std::unique_ptr<StoreLock>> lock(const ProfilePath& path, LockMode mode, std::string_view holder,
                                          std::chrono::milliseconds patience) override;

  Content content() const override;
  void set_content(const Content& content) override;
  void put_file(const ProfilePath& path, std::string_view bytes, FileTime modified) override;
  void set_owner(StoreOwner owner) override;

 private:
  friend class MemoryReader;
  friend class MemoryWriter;
  friend class MemoryLock;
  using Names = std::map<ProfilePath, InodePointer, MemoryOrder>;

  // Everything below expects the mutex to be held.
  Error failure(std::errc code, const ProfilePath& path, std::string found = {}) const {
    return Error(std::make_error_code(code), {.path = location_of(path), .found = std::move(found)});
  }
  Result<Names::iterator> find(const ProfilePath& path, EntryKind kind);
  Result<ProfilePath> free_name(const ProfilePath& path);
  Result<ProfilePath> spelled(const ProfilePath& path);
  bool has_children(const ProfilePath& directory) const;
  InodePointer make_inode(EntryKind kind, std::uint32_t mode);
  Entry entry_of(const ProfilePath& path, const Inode& inode) const;
  Result<void> charge(Inode& inode, std::uint64_t bytes, const ProfilePath& path);
  void make_parents(const ProfilePath& path);
  void put(const ProfilePath& path, InodePointer inode);
  Names::iterator add(const ProfilePath& path, InodePointer inode);
  void erase(Names::iterator at);
  void note_change_of_names(const ProfilePath& path);

  MemoryStoreOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable unlocked_;
  std::atomic<std::uint64_t> used_ = 0;
  std::uint64_t next_id_ = 1;
  Names names_;  // without the root
};

class MemoryReader final : public Reader {
 public:
  MemoryReader(DiskInMemory& store, InodePointer inode, Entry entry)
      : store_(store), inode_(std::move(inode)), entry_(std::move(entry)) {}

  const Entry& entry() const override { return entry_; }
  Result<Entry> entry_now() override {
    const std::scoped_lock guard(store_.mutex_);
    return store_.entry_of(entry_.path, *inode_);
  }
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> out) override {
    const std::scoped_lock guard(store_.mutex_);
    const std::vector<std::byte>& bytes = inode_->node.bytes;
    if (offset >= bytes.size()) return std::size_t{0};
    const std::size_t count = std::min(out.size(), bytes.size() - static_cast<std::size_t>(offset));
    if (count != 0) std::memcpy(out.data(), bytes.data() + offset, count);
    return count;
  }
  Result<std::vector<Extent>> extents() override {
    const std::scoped_lock guard(store_.mutex_);
    std::vector<Extent> runs;
    if (!inode_->node.bytes.empty()) runs.push_back({.offset = 0, .size = inode_->node.bytes.size()});
    return runs;
  }
  Result<FileAttributes> attributes() override {
    const std::scoped_lock guard(store_.mutex_);
    FileAttributes attributes = inode_->node.attributes;
    if (!store_.options_.traits.posix_modes) attributes.mode = 0;
    return attributes;
  }

 private:
  friend class MemoryWriter;
  DiskInMemory& store_;
  InodePointer inode_;
  Entry entry_;
};

class MemoryWriter final : public Writer {
 public:
  MemoryWriter(DiskInMemory& store, InodePointer inode, ProfilePath path)
      : store_(store), inode_(std::move(inode)), path_(std::move(path)) {}

  Result<void> reserve(std::uint64_t size) override {
    const std::scoped_lock guard(store_.mutex_);
    return store_.charge(*inode_, std::max(size, inode_->charged), path_);
  }
  Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes) override {
    const std::scoped_lock guard(store_.mutex_);
    if (bytes.empty()) return success();
    if (offset > size_max || bytes.size() > size_max - offset) return store_.failure(std::errc::file_too_large, path_);
    std::vector<std::byte>& content = inode_->node.bytes;
    const auto end = static_cast<std::size_t>(offset + bytes.size());
    if (end > content.size()) {
      BOOST_OUTCOME_TRYV(store_.charge(*inode_, std::max<std::uint64_t>(end, inode_->charged), path_));
      content.resize(end);
    }
    std::memcpy(content.data() + offset, bytes.data(), bytes.size());
    return success();
  }
  Result<void> resize(std::uint64_t size) override {
    const std::scoped_lock guard(store_.mutex_);
    if (size > size_max) return store_.failure(std::errc::file_too_large, path_);
    BOOST_OUTCOME_TRYV(store_.charge(*inode_, size, path_));
    inode_->node.bytes.resize(static_cast<std::size_t>(size));
    return success();
  }
  Result<bool> clone_from(Reader& source) override {
    const auto* reader = dynamic_cast<MemoryReader*>(&source);
    if (reader == nullptr || &reader->store_ != &store_ || !store_.options_.traits.duplicates_cheaply) return false;
    const std::scoped_lock guard(store_.mutex_);
    BOOST_OUTCOME_TRYV(store_.charge(*inode_, reader->inode_->node.bytes.size(), path_));
    inode_->node.bytes = reader->inode_->node.bytes;
    return true;
  }
  Result<Entry> finish(const FileAttributes& attributes) override {
    const std::scoped_lock guard(store_.mutex_);
    BOOST_OUTCOME_TRYV(store_.charge(*inode_, inode_->node.bytes.size(), path_));
    FileAttributes& own = inode_->node.attributes;
    own = attributes;
    if (own.mode == 0) own.mode = file_mode_default;
    const std::int64_t tick = std::max<std::int64_t>(1, store_.options_.traits.time_resolution.count() / 100);
    own.modified.ticks -= ((own.modified.ticks % tick) + tick) % tick;
    std::ranges::sort(own.extended);
    return store_.entry_of(path_, *inode_);
  }

 private:
  static constexpr std::uint64_t size_max = PTRDIFF_MAX;
  DiskInMemory& store_;
  InodePointer inode_;
  ProfilePath path_;
};

class MemoryLock final : public StoreLock {
 public:
  MemoryLock(DiskInMemory& store, InodePointer inode, LockMode mode)
      : store_(store), inode_(std::move(inode)), mode_(mode) {}
  MemoryLock(const MemoryLock&) = delete;
  MemoryLock& operator=(const MemoryLock&) = delete;
  ~MemoryLock() override {
    {
      const std::scoped_lock guard(store_.mutex_);
      if (mode_ == LockMode::exclusive) {
        inode_->locked_exclusive = false;
      } else {
        --inode_->locks_shared;
      }
    }
    store_.unlocked_.notify_all();
  }

 private:
  DiskInMemory& store_;
  InodePointer inode_;
  LockMode mode_;
};

// --- looking ---

Result<Listing> DiskInMemory::list(const ProfilePath& directory) {
  const std::scoped_lock guard(mutex_);
  auto at = names_.begin();
  std::string prefix;
  if (!directory.is_root()) {
    BOOST_OUTCOME_TRY(at, find(directory, EntryKind::directory));
    prefix = beginning_below(at->first);
    ++at;
  }
  Listing listing;
  for (; at != names_.end() && at->first.text().starts_with(prefix); ++at) {
    if (at->first.text().find('/', prefix.size()) == std::string::npos) {
      listing.entries.push_back(entry_of(at->first, *at->second));
    }
  }
  return listing;
}

Result<std::optional<Entry>> DiskInMemory::stat(const ProfilePath& path) {
  const std::scoped_lock guard(mutex_);
  if (path.is_root()) {
    return Entry{.kind = EntryKind::directory, .mode = options_.traits.posix_modes ? directory_mode_default : 0};
  }
  const auto at = names_.find(path);
  if (at == names_.end()) return std::optional<Entry>();
  return entry_of(at->first, *at->second);
}

Result<std::unique_ptr<Reader>> DiskInMemory::open(const ProfilePath& path) {
  const std::scoped_lock guard(mutex_);
  BOOST_OUTCOME_TRY(const auto at, find(path, EntryKind::file));
  return std::make_unique<MemoryReader>(*this, at->second, entry_of(at->first, *at->second));
}

Result<StoreOwner> DiskInMemory::owner() {
  const std::scoped_lock guard(mutex_);
  return options_.owner;
}

// --- preparing ---

Result<std::unique_ptr<Writer>> DiskInMemory::create(const ProfilePath& path) {
  const std::scoped_lock guard(mutex_);
  BOOST_OUTCOME_TRY(const ProfilePath name, free_name(path));
  InodePointer inode = make_inode(EntryKind::file, file_mode_default);
  add(name, inode);
  return std::make_unique<MemoryWriter>(*this, std::move(inode), name);
}

Result<std::unique_ptr<Writer>> DiskInMemory::duplicate(const ProfilePath& from, const ProfilePath& to,
                                                        std::stop_token stop) {
  if (stop.stop_requested()) return Errc::cancelled;
  const std::scoped_lock guard(mutex_);
  BOOST_OUTCOME_TRY(const auto source, find(from, EntryKind::file));
  BOOST_OUTCOME_TRY(const ProfilePath name, free_name(to));
  InodePointer inode = make_inode(EntryKind::file, file_mode_default);
  BOOST_OUTCOME_TRYV(charge(*inode, source->second->node.bytes.size(), to));
  inode->node.bytes = source->second->node.bytes;
  add(name, inode);
  return std::make_unique<MemoryWriter>(*this, std::move(inode), name);
}

Result<void> DiskInMemory::preserve(const ProfilePath& from, const ProfilePath& to) {
  const std::scoped_lock guard(mutex_);
  BOOST_OUTCOME_TRY(const auto source, find(from, EntryKind::file));
  BOOST_OUTCOME_TRY(const ProfilePath name, free_name(to));
  add(name, source->second);
  return success();
}

Result<void> DiskInMemory::make_directory(const ProfilePath& path, std::uint32_t mode) {
  const std::scoped_lock guard(mutex_);
  BOOST_OUTCOME_TRY(const ProfilePath name, free_name(path));
  add(name, make_inode(EntryKind::directory, mode != 0 ? mode : directory_mode_default));
  return success();
}

Result<void> DiskInMemory::set_folder_attributes(const ProfilePath& path,
                                                 const std::vector<std::pair<std::string, std::string>>& extended) {
  const std::scoped_lock guard(mutex_);
  BOOST_OUTCOME_TRY(const auto at, find(path, EntryKind::directory));
  auto& own = at->second->node.attributes.extended;
  for (const auto& attribute : extended) {
    std::erase_if(own, [&](const auto& there) { return there.first == attribute.first; });
    own.push_back(attribute);
  }
  std::ranges::sort(own);
  return success();
}

// --- making durable ---

Result<void> DiskInMemory::flush(std::span<const ProfilePath> files) {
  const std::scoped_lock guard(mutex_);
  for (const ProfilePath& path : files) {
    BOOST_OUTCOME_TRYV(find(path, EntryKind::file));
  }
  return success();
}

Result<void> DiskInMemory::flush_directories(std::span<const ProfilePath> directories) {
  const std::scoped_lock guard(mutex_);
  for (const ProfilePath& path : directories) {
    if (path.is_root()) continue;
    BOOST_OUTCOME_TRYV(find(path, EntryKind::directory));
  }
  return success();
}

// --- publishing ---

Result<void> DiskInMemory::replace(const ProfilePath& from, const ProfilePath& to) {
  const std::scoped_lock guard(mutex_);
  const auto source = names_.find(from);
  if (source == names_.end()) return failure(std::errc::no_such_file_or_directory, from);
  BOOST_OUTCOME_TRY(const ProfilePath name, spelled(to));
  const InodePointer inode = source->second;
  const ProfilePath old_name = source->first;
  const bool is_directory = inode->node.kind == EntryKind::directory;
  const auto in_the_way = names_.find(to);
  // The same file under another spelling is renamed, not replaced.
  if (in_the_way != names_.end() && in_the_way != source) {
    if (in_the_way->second->node.kind == EntryKind::directory) {
      return failure(is_directory ? std::errc::file_exists : std::errc::is_a_directory, to);
    }
    if (is_directory) return failure(std::errc::not_a_directory, to);
    names_.erase(in_the_way);
  }
  if (!is_directory) {
    erase(source);
    add(name, inode);
    return success();
  }
  const std::string below = beginning_below(old_name);
  if (in_the_way != source && name.text().starts_with(below)) {
    return failure(std::errc::invalid_argument, to, "a folder inside the one that is renamed");
  }
  std::vector<std::pair<ProfilePath, InodePointer>> moved;
  const std::size_t size = old_name.text().size();
  auto at = source;
  while (at != names_.end() && (at == source || at->first.text().starts_with(below))) {
    const std::string_view rest = at->first.text().substr(size);
    moved.emplace_back(rest.empty() ? name : name.child_unchecked(rest.substr(1)), at->second);
    ++at;
  }
  names_.erase(source, at);
  for (auto& [path, node] : moved) names_.emplace(std::move(path), std::move(node));
  note_change_of_names(old_name);
  note_change_of_names(name);
  return success();
}

Result<void> DiskInMemory::remove_file(const ProfilePath& path) {
  const std::scoped_lock guard(mutex_);
  BOOST_OUTCOME_TRY(const auto at, find(path, EntryKind::file));
  erase(at);
  return success();
}

Result<void> DiskInMemory::remove_directory(const ProfilePath& path) {
  const std::scoped_lock guard(mutex_);
  if (path.is_root()) return failure(std::errc::device_or_resource_busy, path, "the root of the store");
  BOOST_OUTCOME_TRY(const auto at, find(path, EntryKind::directory));
  if (has_children(at->first)) return failure(std::errc::directory_not_empty, path);
  erase(at);
  return success();
}

// --- locks ---

Result<std::unique_ptr<StoreLock>> DiskInMemory::lock(const ProfilePath& path, LockMode mode, std::string_view holder,
                                                      std::chrono::milliseconds patience) {
  std::unique_lock guard(mutex_);
  auto at = names_.find(path);
  if (at == names_.end()) {
    BOOST_OUTCOME_TRY(const ProfilePath name, free_name(path));
    at = add(name, make_inode(EntryKind::file, file_mode_default));
  }
  BOOST_OUTCOME_TRY(const auto file, find(path, EntryKind::file));
  const InodePointer inode = file->second;
  const auto is_free = [&] {
    return !inode->locked_exclusive && (mode == LockMode::shared || inode->locks_shared == 0);
  };
  // A deadline this far away would overflow the clock.
  const bool for_ever = patience > std::chrono::hours(24 * 365);
  if (for_ever) {
    unlocked_.wait(guard, is_free);
  } else if (!unlocked_.wait_for(guard, patience, is_free)) {
    const std::vector<std::byte>& text = inode->node.bytes;
    return Error(Errc::publish_running,
                 {.path = location_of(path),
                  .expected = "a lock that nobody holds",
                  .found = inode->locked_exclusive
                               ? "held by " + std::string(reinterpret_cast<const char*>(text.data()), text.size())
                               : std::string("held by readers")});
  }
  if (mode == LockMode::exclusive) {
    const auto bytes = std::as_bytes(std::span(holder));
    BOOST_OUTCOME_TRYV(charge(*inode, bytes.size(), path));
    inode->node.bytes.assign(bytes.begin(), bytes.end());
    inode->locked_exclusive = true;
  } else {
    ++inode->locks_shared;
  }
  return std::make_unique<MemoryLock>(*this, inode, mode);
}

// --- for tests ---

MemoryStore::Content DiskInMemory::content() const {
  const std::scoped_lock guard(mutex_);
  Content content(names_.key_comp());
  for (const auto& [path, inode] : names_) content.emplace_hint(content.end(), path, inode->node);
  return content;
}

void DiskInMemory::set_content(const Content& content) {
  const std::scoped_lock guard(mutex_);
  names_.clear();
  for (const auto& [path, node] : content) {
    make_parents(path);
    InodePointer inode = make_inode(node.kind, 0);
    inode->node = node;
    next_id_ = std::max(next_id_, node.id + 1);
    put(path, std::move(inode));
  }
}

void DiskInMemory::put_file(const ProfilePath& path, std::string_view bytes, FileTime modified) {
  const std::scoped_lock guard(mutex_);
  make_parents(path);
  InodePointer inode = make_inode(EntryKind::file, file_mode_default);
  const auto raw = std::as_bytes(std::span(bytes));
  inode->node.bytes.assign(raw.begin(), raw.end());
  inode->node.attributes.modified = modified;
  put(path, std::move(inode));
}

void DiskInMemory::set_owner(StoreOwner owner) {
  const std::scoped_lock guard(mutex_);
  options_.owner = std::move(owner);
}

// --- the parts ---

Result<DiskInMemory::Names::iterator> DiskInMemory::find(const ProfilePath& path, EntryKind kind) {
  const auto at = names_.find(path);
  if (at == names_.end()) {
    return failure(path.is_root() ? std::errc::is_a_directory : std::errc::no_such_file_or_directory, path);
  }
  if (at->second->node.kind != kind) {
    return failure(kind == EntryKind::file ? std::errc::is_a_directory : std::errc::not_a_directory, path);
  }
  return at;
}

// `path` with the folders above it spelled as they were made.
Result<ProfilePath> DiskInMemory::spelled(const ProfilePath& path) {
  if (path.is_root()) return path;
  const ProfilePath parent = path.parent();
  if (parent.is_root()) return path;
  BOOST_OUTCOME_TRY(const auto folder, find(parent, EntryKind::directory));
  return folder->first.child_unchecked(path.name());
}

Result<ProfilePath> DiskInMemory::free_name(const ProfilePath& path) {
  if (path.is_root() || names_.contains(path)) return failure(std::errc::file_exists, path);
  return spelled(path);
}

bool DiskInMemory::has_children(const ProfilePath& directory) const {
  const auto next = names_.upper_bound(directory);
  return next != names_.end() && next->first.text().starts_with(beginning_below(directory));
}

InodePointer DiskInMemory::make_inode(EntryKind kind, std::uint32_t mode) {
  auto inode = std::make_shared<Inode>(used_);
  inode->node.kind = kind;
  inode->node.attributes.mode = mode;
  inode->node.id = next_id_++;
  inode->names_changed = number_of_change();
  return inode;
}

DiskInMemory::Names::iterator DiskInMemory::add(const ProfilePath& path, InodePointer inode) {
  note_change_of_names(path);
  return names_.emplace(path, std::move(inode)).first;
}

void DiskInMemory::erase(Names::iterator at) {
  note_change_of_names(at->first);
  names_.erase(at);
}

void DiskInMemory::note_change_of_names(const ProfilePath& path) {
  const auto folder = names_.find(path.parent());
  if (folder != names_.end()) folder->second->names_changed = number_of_change();
}

Entry DiskInMemory::entry_of(const ProfilePath& path, const Inode& inode) const {
  return {
      .path = path,
      .kind = inode.node.kind,
      .mode = options_.traits.posix_modes ? inode.node.attributes.mode : 0,
      .size = inode.node.bytes.size(),
      .modified = inode.node.kind == EntryKind::file ? inode.node.attributes.modified : FileTime{inode.names_changed},
      .id = inode.node.id};
}

Result<void> DiskInMemory::charge(Inode& inode, std::uint64_t bytes, const ProfilePath& path) {
  if (bytes > inode.charged && bytes - inode.charged > options_.capacity - std::min(options_.capacity, used_.load())) {
    return failure(std::errc::no_space_on_device, path);
  }
  used_ += bytes - inode.charged;
  inode.charged = bytes;
  return success();
}

void DiskInMemory::put(const ProfilePath& path, InodePointer inode) {
  inode->charged = inode->node.bytes.size();
  used_ += inode->charged;
  note_change_of_names(path);
  names_.insert_or_assign(path, std::move(inode));
}

void DiskInMemory::make_parents(const ProfilePath& path) {
  const ProfilePath parent = path.parent();
  if (parent.is_root() || names_.contains(parent)) return;
  make_parents(parent);
  add(parent, make_inode(EntryKind::directory, directory_mode_default));
}

}  // namespace

bool MemoryOrder::operator()(const ProfilePath& left, const ProfilePath& right) const noexcept {
  if (!case_sensitive) return PathOrder::compare(left, right) < 0;
  // A separator sorts before every other character, so that a folder is followed by what is in it.
  const auto rank = [](char c) { return c == '/' ? 0 : 1 + static_cast<unsigned char>(c); };
  return std::ranges::lexicographical_compare(left.text(), right.text(), {}, rank, rank);
}

std::unique_ptr<MemoryStore> make_memory_store(MemoryStoreOptions options) {
  return std::make_unique<DiskInMemory>(std::move(options));
}

}  // namespace roamsync
