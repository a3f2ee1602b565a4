#include "store/disk_root_posix.hpp"

#include "store/closed_folder_posix.hpp"
#include "store/location.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace roamsync::posix {
namespace {

constexpr unsigned status_mask = STATX_TYPE | STATX_MODE | STATX_NLINK | STATX_UID | STATX_GID | STATX_INO |
                                 STATX_SIZE | STATX_MTIME | STATX_CTIME | STATX_BLOCKS;
constexpr mode_t profile_folder_mode = 0700;

int open_beneath(int root, const char* path, int flags, mode_t mode) noexcept {
  open_how how{};
  how.flags = static_cast<unsigned>(flags);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  // EAGAIN: something was renamed while the kernel looked; it has to look again.
  for (int attempt = 0;; ++attempt) {
    const long descriptor = uninterrupted([&] { return ::syscall(SYS_openat2, root, path, &how, sizeof how); });
    if (descriptor >= 0 || errno != EAGAIN || attempt == 16) return static_cast<int>(descriptor);
  }
}

int open_at(int folder, const char* name, int flags, mode_t mode = 0) noexcept {
  return uninterrupted([&] { return ::openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC, mode); });
}

bool kernel_resolves(int root) noexcept {
  const Handle probe(open_beneath(root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC, 0));
  return static_cast<bool>(probe);  // ENOSYS, or EPERM from an older container's filter
}

// What means that the place, not the folder, is missing.
bool is_outage(int number) noexcept {
  constexpr std::array outages{EHOSTDOWN, EHOSTUNREACH, ENETUNREACH, ENETDOWN, ETIMEDOUT, ESTALE,
                               ENOTCONN,  ECONNREFUSED, ECONNRESET,  ENODEV,   ENXIO,     ENONET};
  return std::ranges::find(outages, number) != outages.end();
}

Handle open_folder_followed(const boost::filesystem::path& path, int flags) noexcept {
  return Handle(uninterrupted([&] { return ::open(path.c_str(), flags | O_DIRECTORY | O_CLOEXEC); }));
}

// The root may be a link that the administrator typed; nothing below it may.
Handle open_root(const boost::filesystem::path& path) noexcept {
  Handle handle = open_folder_followed(path, O_RDONLY);
  // A folder that may be entered and not listed still serves for files whose names are known.
  if (!handle && errno == EACCES) handle = open_folder_followed(path, O_PATH);
  return handle;
}

// The error number, or 0; somebody else making it first is no error, and theirs keeps its owner.
int make_root(const boost::filesystem::path& path, const boost::filesystem::path& parent,
              const std::optional<DiskOwner>& owner) noexcept {
  if (::mkdir(path.c_str(), profile_folder_mode) != 0) {
    if (errno != EEXIST) return errno;
  } else if (owner && ::geteuid() == 0 && ::lchown(path.c_str(), owner->user, owner->group) != 0) {
    const int number = errno;
    ::rmdir(path.c_str());
    return number;
  }
  const Handle folder = open_folder_followed(parent, O_RDONLY);
  return folder && ::fsync(folder.get()) != 0 && errno != EINVAL ? errno : 0;
}

std::uint64_t device_of(const struct statx& status) noexcept {
  return std::uint64_t{status.stx_dev_major} << 32 | status.stx_dev_minor;
}

// umask(2) cannot be asked without setting it, which other threads would notice.
mode_t mask_of_process() noexcept {
  const Handle file(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
  std::array<char, 1024> text;
  const ssize_t size = file ? ::read(file.get(), text.data(), text.size() - 1) : 0;
  text[static_cast<std::size_t>(std::max<ssize_t>(size, 0))] = '\0';
  const char* line = std::strstr(text.data(), "Umask:");
  return line != nullptr ? static_cast<mode_t>(std::strtoul(line + 6, nullptr, 8)) & 0777 : 022;
}

}  // namespace

Result<std::unique_ptr<DiskRoot>> DiskRoot::open(const DiskStoreOptions& options, Resolution resolution,
                                                 const std::optional<FileSystem>& taken_for) {
  const boost::filesystem::path& path = options.root;
  Handle handle = open_root(path);
  int number = handle ? 0 : errno;
  if (number == ENOENT && path.has_parent_path()) {
    const boost::filesystem::path parent = path.parent_path();
    if (!open_folder_followed(parent, O_PATH)) {
      return Error(Errc::server_unavailable, {.path = path.string(),
                                              .expected = "the folder above it",
                                              .found = "no " + parent.string(),
                                              .cause = system_code(errno)});
    }
    if (options.create) {
      number = make_root(path, parent, options.owner);
      if (number == 0) handle = open_root(path);
      if (number == 0 && !handle) number = errno;
    }
  }
  if (is_outage(number)) return Error(Errc::server_unavailable, {.path = path.string(), .cause = system_code(number)});
  if (number == EACCES) {
    if (auto closed = find_closed_folder(path)) return std::move(*closed);
  }
  if (number != 0) return Error(system_code(number), {.path = path.string()});
  if (resolution == Resolution::kernel && !kernel_resolves(handle.get())) resolution = Resolution::walk;
  return std::unique_ptr<DiskRoot>(new DiskRoot(std::move(handle), path, resolution, taken_for));
}

DiskRoot::DiskRoot(Handle handle, boost::filesystem::path path, Resolution resolution,
                   const std::optional<FileSystem>& taken_for)
    : handle_(std::move(handle)),
      path_(std::move(path)),
      resolution_(resolution),
      file_system_(taken_for ? *taken_for : file_system_of(handle_.get())) {
  mode_mask_ = 0777 & ~mask_of_process();
  struct statx status {};
  if (status_of(handle_.get(), status) != 0) return;
  device_ = device_of(status);
  if (::geteuid() == 0 && status.stx_uid != 0) {
    new_owner_ = NewOwner{.user = status.stx_uid, .group = status.stx_gid};
  }
}

std::string DiskRoot::location_of(const ProfilePath& path) const { return join_location(path_.string(), path); }

int DiskRoot::open_descriptor(const ProfilePath& path, int flags, mode_t mode) const noexcept {
  const char* text = path.is_root() ? "." : path.c_str();
  if (resolution_ == Resolution::walk) return walk(text, flags, mode);
  // The system takes so much of a path at a time; a deep tree has longer ones.
  Handle folder;
  int at = handle_.get();
  std::array<char, PATH_MAX> piece;
  for (std::size_t left = path.text().size(); left >= PATH_MAX;) {
    const std::size_t size = std::string_view(text, PATH_MAX - 1).rfind('/');
    if (size == std::string_view::npos) {
      errno = ENAMETOOLONG;
      return -1;
    }
    std::memcpy(piece.data(), text, size);
    piece[size] = '\0';
    Handle next(open_beneath(at, piece.data(), O_PATH | O_DIRECTORY | O_CLOEXEC, 0));
    if (!next) return -1;
    folder = std::move(next);
    at = folder.get();
    text += size + 1;
    left -= size + 1;
  }
  return open_beneath(at, text, flags | O_NOFOLLOW | O_CLOEXEC, mode);
}

int DiskRoot::walk(const char* path, int flags, mode_t mode) const noexcept {
  Handle folder;
  int at = handle_.get();
  std::array<char, NAME_MAX + 1> component;
  for (const char* slash; (slash = std::strchr(path, '/')) != nullptr; path = slash + 1) {
    const auto size = static_cast<std::size_t>(slash - path);
    if (size > NAME_MAX) {
      errno = ENAMETOOLONG;
      return -1;
    }
    std::memcpy(component.data(), path, size);
    component[size] = '\0';
    Handle next(open_at(at, component.data(), O_PATH | O_DIRECTORY));
    if (!next) return -1;
    folder = std::move(next);
    at = folder.get();
  }
  return open_at(at, path, flags, mode);
}

Result<Handle> DiskRoot::open(const ProfilePath& path, int flags, mode_t mode) const {
  Handle handle(open_descriptor(path, flags, mode));
  if (!handle) return failure(errno, path);
  return handle;
}

int DiskRoot::open_to_read(const ProfilePath& path, int flags) const noexcept {
  if (may_keep_access_time_.load(std::memory_order_relaxed)) {
    const int descriptor = open_descriptor(path, O_RDONLY | O_NOATIME | flags);
    if (descriptor >= 0 || errno != EPERM) return descriptor;
    may_keep_access_time_.store(false, std::memory_order_relaxed);
  }
  return open_descriptor(path, O_RDONLY | flags);
}

Result<ParentFolder> DiskRoot::open_parent(const ProfilePath& path) const {
  const std::size_t slash = path.text().rfind('/');
  if (slash == std::string_view::npos) return ParentFolder{.handle = handle_.get(), .name = path.c_str()};
  ParentFolder parent{.name = path.c_str() + slash + 1};
  BOOST_OUTCOME_TRY(parent.opened, open(path.parent(), O_PATH | O_DIRECTORY));
  parent.handle = parent.opened.get();
  return parent;
}

Error DiskRoot::failure(int number, const ProfilePath& path) const {
  constexpr std::array met_on_the_way{ELOOP, ENOTDIR, EXDEV, ENXIO};
  if (std::ranges::find(met_on_the_way, number) != met_on_the_way.end()) {
    if (std::string obstacle = find_obstacle(path); !obstacle.empty()) return unsafe(path, std::move(obstacle), number);
    if (number == ELOOP) return unsafe(path, "a symbolic link that has gone since", number);
  }
  return Error(system_code(number), {.path = location_of(path)});
}

Error DiskRoot::unsafe(const ProfilePath& path, std::string found, int number) const {
  return Error(Errc::unsafe_path, {.path = location_of(path),
                                   .expected = "files and folders only",
                                   .found = std::move(found),
                                   .cause = number != 0 ? system_code(number) : std::error_code()});
}

// The first component of `path` that is neither file nor folder, in words; empty when there is none.
std::string DiskRoot::find_obstacle(const ProfilePath& path) const {
  Handle folder;
  int at = handle_.get();
  std::string_view rest = path.text();
  while (!rest.empty()) {
    const std::string name(rest.substr(0, rest.find('/')));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    struct statx status {};
    if (status_of(at, name.c_str(), status) != 0) return {};
    if (!S_ISDIR(status.stx_mode) && !S_ISREG(status.stx_mode)) {
      return '"' + name + "\", " + describe(at, name.c_str(), status.stx_mode);
    }
    Handle next(open_at(at, name.c_str(), O_PATH | O_DIRECTORY));
    if (!next) return {};
    folder = std::move(next);
    at = folder.get();
  }
  return {};
}

int status_of(int folder, const char* name, struct statx& status) noexcept {
  return ::statx(folder, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, status_mask, &status);
}

int status_of(int file, struct statx& status) noexcept {
  return ::statx(file, "", AT_EMPTY_PATH | AT_NO_AUTOMOUNT, status_mask, &status);
}

// The time of change, which nobody can set as they can that of the last write. Where another change might still get the same time,
// for the clock that times are taken from goes in steps, it tells nothing; nor does that of another file system, mounted below.
FileTime DiskRoot::change_of_names(const struct statx& folder) const {
  if (!file_system_.change_times_tell || device_of(folder) != device_) return {};
  const statx_timestamp& changed = folder.stx_ctime;
  if (changed.tv_nsec == 0) return {};  // whole seconds may be all that an old file system knows
  const std::chrono::system_clock::time_point then(std::chrono::seconds(changed.tv_sec) +
                                                   std::chrono::nanoseconds(changed.tv_nsec));
  constexpr std::chrono::milliseconds step_max(100);
  const bool may_come_again = std::chrono::system_clock::now() - then < step_max;
  return may_come_again ? FileTime{} : FileTime::from_unix(changed.tv_sec, changed.tv_nsec);
}

Entry DiskRoot::entry_of(ProfilePath path, const struct statx& status) const {
  const bool is_file = S_ISREG(status.stx_mode);
  return {.path = std::move(path),
          .kind = is_file ? EntryKind::file : EntryKind::directory,
          .mode = file_system_.traits.posix_modes ? status.stx_mode & 0777U : 0,
          .size = is_file ? status.stx_size : 0,
          .modified = is_file ? FileTime::from_unix(status.stx_mtime.tv_sec, status.stx_mtime.tv_nsec)
                              : change_of_names(status),
          .id = status.stx_ino};
}

std::string describe(int folder, const char* name, unsigned mode) {
  switch (mode & S_IFMT) {
    case S_IFLNK: {
      std::array<char, PATH_MAX> target;
      const ssize_t size = ::readlinkat(folder, name, target.data(), target.size());
      return size > 0 ? "a symbolic link to " + std::string(target.data(), static_cast<std::size_t>(size))
                      : std::string("a symbolic link");
    }
    case S_IFSOCK: return "a socket";
    case S_IFIFO: return "a named pipe";
    case S_IFCHR: return "a character device";
    case S_IFBLK: return "a block device";
    case S_IFDIR: return "a folder";
    case S_IFREG: return "a file";
    default: return "something that is neither file nor folder";
  }
}

}  // namespace roamsync::posix
