#include "store/disk_store_posix.hpp"

#include <roamsync/filter.hpp>

#include "store/access_posix.hpp"
#include "store/attributes_posix.hpp"
#include "store/disk_flush_posix.hpp"
#include "store/disk_listing_posix.hpp"
#include "store/disk_lock_posix.hpp"
#include "store/disk_writer_posix.hpp"
#include "store/quota_posix.hpp"
#include "store/system_disk_store.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace roamsync::posix {
namespace {

void limit(StoreSpace& space, const std::optional<QuotaRoom>& quota, std::string_view whose, std::uint32_t id) {
  if (!quota || (quota->bytes >= space.available && quota->files >= space.files)) return;
  space.available = std::min(space.available, quota->bytes);
  space.files = std::min(space.files, quota->files);
  space.quota = std::string(whose) + std::to_string(id);
}

class DiskStore final : public Store {
 public:
  explicit DiskStore(std::unique_ptr<DiskRoot> root) : root_(std::move(root)) {}

  StoreTraits traits() const override { return root_->file_system().traits; }
  std::string location() const override { return root_->path().string(); }
  std::optional<boost::filesystem::path> system_path(const ProfilePath& path) const override {
    return boost::filesystem::path(root_->location_of(path));
  }

  Result<Listing> list(const ProfilePath& directory) override { return list_folder(*root_, directory); }
  Result<std::optional<std::vector<Entry>>> stat_names(const ProfilePath& directory,
                                                       std::span<const Entry* const> known) override {
    return stat_names_of_folder(*root_, directory, known);
  }
  Result<std::optional<Entry>> stat(const ProfilePath& path) override;
  Result<std::unique_ptr<Reader>> open(const ProfilePath& path) override;
  Result<std::unique_ptr<Reader>> open_to_verify(const ProfilePath& path) override;
  Result<StoreSpace> space() override;
  Result<StoreOwner> owner() override;
  Result<AccessFacts> access_facts(const ProfilePath& path) override;
  Result<void> mark_access(const ProfilePath& directory, std::span<Entry> entries) override;

  Result<std::unique_ptr<Writer>> create(const ProfilePath& path) override;
  Result<std::unique_ptr<Writer>> duplicate(const ProfilePath& from, const ProfilePath& to,
                                            std::stop_token stop) override;
  Result<void> preserve(const ProfilePath& from, const ProfilePath& to) override;
  Result<void> make_directory(const ProfilePath& path, std::uint32_t mode) override;
  Result<void> set_folder_attributes(const ProfilePath& path, const ExtendedAttributes& extended) override;

  Result<void> flush(std::span<const ProfilePath> files) override { return flusher_.flush_files(files); }
  Result<void> flush_directories(std::span<const ProfilePath> directories) override {
    return flusher_.flush_folders(directories);
  }

  Result<void> replace(const ProfilePath& from, const ProfilePath& to) override;
  Result<void> remove_file(const ProfilePath& path) override;
  Result<void> remove_directory(const ProfilePath& path) override;

  Result<std::unique_ptr<StoreLock>> lock(const ProfilePath& path, LockMode mode, std::string_view holder,
                                          std::chrono::milliseconds patience) override {
    return lock_file(*root_, path, mode, holder, patience);
  }

 private:
  Result<void> preserve_as_copy(const ProfilePath& from, const ProfilePath& to);
  Error failure(int number, const ProfilePath& path) const { return root_->failure(number, path); }
  Result<void> check_replace(const ParentFolder& to, const ProfilePath& to_path, const struct statx& from,
                             bool& same_file) const;
  Result<void> remove(const ProfilePath& path, int flags);

  const std::unique_ptr<DiskRoot> root_;
  WriterShare writers_;
  DiskFlusher flusher_{*root_, root_->file_system(), writers_.unflushed_bytes};
};

Result<std::optional<Entry>> DiskStore::stat(const ProfilePath& path) {
  const Handle file(root_->open_descriptor(path, O_PATH));
  if (!file) {
    const int number = errno;
    // A name that is too long for this file system is in none of its folders.
    if (number == ENOENT || number == ENAMETOOLONG) return std::optional<Entry>();
    Error error = failure(number, path);
    if (number == ENOTDIR && error.code() != Errc::unsafe_path) return std::optional<Entry>();
    return error;
  }
  struct statx status {};
  if (status_of(file.get(), status) != 0) return failure(errno, path);
  if (!S_ISREG(status.stx_mode) && !S_ISDIR(status.stx_mode)) {
    return root_->unsafe(path, describe(file.get(), "", status.stx_mode));
  }
  return root_->entry_of(path, status);
}

Result<std::unique_ptr<Reader>> DiskStore::open(const ProfilePath& path) {
  BOOST_OUTCOME_TRY(auto reader, DiskReader::open(*root_, path));
  return std::unique_ptr<Reader>(std::move(reader));
}

Result<std::unique_ptr<Reader>> DiskStore::open_to_verify(const ProfilePath& path) {
  BOOST_OUTCOME_TRY(auto reader, DiskReader::open(*root_, path));
  reader->read_past_memory();
  return std::unique_ptr<Reader>(std::move(reader));
}

Result<StoreSpace> DiskStore::space() {
  struct statvfs facts {};
  if (::fstatvfs(root_->handle(), &facts) != 0) return failure(errno, {});
  StoreSpace space{.available = std::uint64_t{facts.f_bavail} * facts.f_frsize};
  if (facts.f_files != 0) space.files = facts.f_favail;  // some file systems make inodes as they need them
  const auto& owner = root_->new_owner();
  const uid_t user = owner ? owner->user : ::geteuid();
  const gid_t group = owner ? owner->group : ::getegid();
  limit(space, room_within_quota(root_->handle(), QuotaKind::user, user), "the quota of user ", user);
  limit(space, room_within_quota(root_->handle(), QuotaKind::group, group), "the quota of group ", group);
  return space;
}

Result<StoreOwner> DiskStore::owner() {
  struct statx status {};
  if (status_of(root_->handle(), status) != 0) return failure(errno, {});
  return StoreOwner{.name = name_of_user(status.stx_uid), .is_administrator = status.stx_uid == 0};
}

Result<AccessFacts> DiskStore::access_facts(const ProfilePath& path) {
  Handle opened;
  if (!path.is_root()) {
    BOOST_OUTCOME_TRY(opened, root_->open(path, O_PATH));
  }
  AccessFacts facts;
  const int file = path.is_root() ? root_->handle() : opened.get();
  if (const int number = read_access_facts(file, root_->file_system().is_smb_mount, facts); number != 0) {
    return failure(number, path);
  }
  return facts;
}

Result<void> DiskStore::mark_access(const ProfilePath& directory, std::span<Entry> entries) {
  const Handle folder(root_->open_to_read(directory, O_DIRECTORY));
  if (!folder) return failure(errno, directory);
  if (const int number = mark_access_lists(folder.get(), entries); number != 0) return failure(number, directory);
  return success();
}

Result<std::unique_ptr<Writer>> DiskStore::create(const ProfilePath& path) {
  BOOST_OUTCOME_TRY(auto writer, DiskWriter::create(*root_, path, writers_));
  return std::unique_ptr<Writer>(std::move(writer));
}

Result<std::unique_ptr<Writer>> DiskStore::duplicate(const ProfilePath& from, const ProfilePath& to,
                                                     std::stop_token stop) {
  BOOST_OUTCOME_TRY(const auto source, DiskReader::open(*root_, from));
  BOOST_OUTCOME_TRY(auto writer, DiskWriter::create(*root_, to, writers_));
  if (auto copied = writer->copy_from(*source, stop); !copied) {
    static_cast<void>(remove(to, 0));  // the first failure is the one to tell
    return copied.error();
  }
  return std::unique_ptr<Writer>(std::move(writer));
}

Result<void> DiskStore::preserve(const ProfilePath& from, const ProfilePath& to) {
  {
    BOOST_OUTCOME_TRY(const ParentFolder source, root_->open_parent(from));
    BOOST_OUTCOME_TRY(const ParentFolder target, root_->open_parent(to));
    struct statx status {};
    if (status_of(source.handle, source.name, status) != 0) return failure(errno, from);
    if (S_ISDIR(status.stx_mode)) return failure(EISDIR, from);
    if (!S_ISREG(status.stx_mode)) return root_->unsafe(from, describe(source.handle, source.name, status.stx_mode));
    if (!root_->file_system().second_name_is_refused) {
      if (::linkat(source.handle, source.name, target.handle, target.name, 0) == 0) return success();
      // No hard links here, too many of this one, or the kernel protects a file of somebody else.
      constexpr std::array no_link{EPERM, EOPNOTSUPP, ENOSYS, EMLINK, EXDEV, EACCES};
      if (std::ranges::find(no_link, errno) == no_link.end()) return failure(errno, to);
    }
  }
  return preserve_as_copy(from, to);
}

// A copy has its name only once it is whole and durable, as a second name would be: half of one must not be taken for what
// was kept. One that a dead process left is no obstacle.
Result<void> DiskStore::preserve_as_copy(const ProfilePath& from, const ProfilePath& to) {
  BOOST_OUTCOME_TRY(const auto taken, stat(to));
  if (taken) return failure(EEXIST, to);
  const ProfilePath copy = copy_before(to);
  BOOST_OUTCOME_TRY(const auto left_behind, stat(copy));
  if (left_behind) {
    BOOST_OUTCOME_TRYV(remove_file(copy));
  }
  BOOST_OUTCOME_TRY(const auto reader, open(from));
  BOOST_OUTCOME_TRY(const FileAttributes attributes, reader->attributes());
  BOOST_OUTCOME_TRY(auto writer, duplicate(from, copy, {}));
  const auto give_name = [&]() -> Result<void> {
    BOOST_OUTCOME_TRYV(writer->finish(attributes));
    writer.reset();
    BOOST_OUTCOME_TRYV(flush(std::span(&copy, 1)));
    return replace(copy, to);
  };
  auto named = give_name();
  if (!named) static_cast<void>(remove(copy, 0));  // the first failure is the one to tell
  return named;
}

Result<void> DiskStore::make_directory(const ProfilePath& path, std::uint32_t mode) {
  if (path.is_root()) return failure(EEXIST, path);
  BOOST_OUTCOME_TRY(const ParentFolder parent, root_->open_parent(path));
  const auto& owner = root_->new_owner();
  const bool has_modes = traits().posix_modes;
  const bool plain = (mode == 0 || !has_modes) && !owner;
  if (::mkdirat(parent.handle, parent.name, plain ? 0777 : 0700) != 0) return failure(errno, path);
  if (plain) return success();
  // The handle, not the name: somebody may put something else in its place.
  BOOST_OUTCOME_TRY(const Handle made, root_->open(path, O_RDONLY | O_DIRECTORY));
  if (owner && ::fchown(made.get(), owner->user, owner->group) != 0) return failure(errno, path);
  const mode_t wanted = mode != 0 ? mode & 0777 : root_->mode_mask();
  if (has_modes && ::fchmod(made.get(), wanted) != 0) return failure(errno, path);
  return success();
}

Result<void> DiskStore::set_folder_attributes(const ProfilePath& path, const ExtendedAttributes& extended) {
  if (extended.empty()) return success();
  BOOST_OUTCOME_TRY(const Handle folder, root_->open(path, O_RDONLY | O_DIRECTORY));
  if (const int number = write_extended(folder.get(), extended); number != 0) return failure(number, path);
  return success();
}

Result<void> DiskStore::replace(const ProfilePath& from, const ProfilePath& to) {
  if (from.is_root() || to.is_root()) return failure(EBUSY, {});
  BOOST_OUTCOME_TRY(const ParentFolder source, root_->open_parent(from));
  BOOST_OUTCOME_TRY(const ParentFolder target, root_->open_parent(to));
  struct statx status {};
  if (status_of(source.handle, source.name, status) != 0) return failure(errno, from);
  const bool is_folder = S_ISDIR(status.stx_mode);
  if (!is_folder && !S_ISREG(status.stx_mode)) {
    return root_->unsafe(from, describe(source.handle, source.name, status.stx_mode));
  }
  bool same_file = false;
  BOOST_OUTCOME_TRYV(check_replace(target, to, status, same_file));
  // Without this flag a folder would silently replace an empty one.
  const unsigned flags = is_folder && !same_file ? RENAME_NOREPLACE : 0;
  int result = ::renameat2(source.handle, source.name, target.handle, target.name, flags);
  if (result != 0 && flags != 0 && (errno == EINVAL || errno == ENOSYS)) {
    result = ::renameat(source.handle, source.name, target.handle, target.name);
  }
  if (result != 0) return failure(errno, to);
  // Of two names of one file rename leaves both (POSIX); the caller was promised that `from` is gone.
  const bool one_name = from == to || (!traits().case_sensitive && from.same_file(to));
  if (same_file && !one_name && status.stx_nlink > 1 && ::unlinkat(source.handle, source.name, 0) != 0) {
    return failure(errno, from);
  }
  return success();
}

// What lies at `to` may be nothing, a file where a file comes, or the very thing that is renamed.
Result<void> DiskStore::check_replace(const ParentFolder& to, const ProfilePath& to_path, const struct statx& from,
                                      bool& same_file) const {
  struct statx status {};
  if (status_of(to.handle, to.name, status) != 0) {
    if (errno == ENOENT) return success();
    return failure(errno, to_path);
  }
  same_file = status.stx_ino == from.stx_ino && status.stx_dev_major == from.stx_dev_major &&
              status.stx_dev_minor == from.stx_dev_minor;
  if (same_file) return success();
  if (S_ISDIR(status.stx_mode)) return failure(S_ISDIR(from.stx_mode) ? EEXIST : EISDIR, to_path);
  if (!S_ISREG(status.stx_mode)) return root_->unsafe(to_path, describe(to.handle, to.name, status.stx_mode));
  if (S_ISDIR(from.stx_mode)) return Error(system_code(ENOTDIR), {.path = root_->location_of(to_path)});
  return success();
}

Result<void> DiskStore::remove_file(const ProfilePath& path) {
  if (path.is_root()) return failure(EISDIR, path);
  return remove(path, 0);
}

Result<void> DiskStore::remove_directory(const ProfilePath& path) {
  if (path.is_root()) return failure(EBUSY, path);
  return remove(path, AT_REMOVEDIR);
}

Result<void> DiskStore::remove(const ProfilePath& path, int flags) {
  BOOST_OUTCOME_TRY(const ParentFolder parent, root_->open_parent(path));
  if (::unlinkat(parent.handle, parent.name, flags) != 0) return failure(errno, path);
  return success();
}

}  // namespace

// By its digest, for a name may be as long as a name can be; so much of it as makes the name one of those that a session knows
// for its own and sweeps.
ProfilePath copy_before(const ProfilePath& to) {
  const std::string digest = digest_of(std::as_bytes(std::span(to.text()))).text();
  return to.parent().child_unchecked("copy." + digest.substr(0, 12) + std::string(temporary_suffix));
}

Result<std::unique_ptr<Store>> open_disk_store(const DiskStoreOptions& options, Resolution resolution,
                                               const std::optional<FileSystem>& taken_for) {
  BOOST_OUTCOME_TRY(auto root, DiskRoot::open(options, resolution, taken_for));
  return std::unique_ptr<Store>(std::make_unique<DiskStore>(std::move(root)));
}

}  // namespace roamsync::posix

namespace roamsync {

Result<std::unique_ptr<Store>> open_system_disk_store(const DiskStoreOptions& options) {
  return posix::open_disk_store(options, posix::Resolution::kernel);
}

}  // namespace roamsync
