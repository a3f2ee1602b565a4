#include "store/access_posix.hpp"

#include "store/disk_root_posix.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <string_view>

namespace roamsync::posix {
namespace {

constexpr std::array<std::string_view, 3> attributes_of_rights{"security.NTACL", "system.posix_acl_access",
                                                               "user.NTACL"};
constexpr std::array nt_list_attributes{"security.NTACL", "user.NTACL"};
constexpr const char* mount_attribute = "system.cifs_ntsd";  // served, but not listed
constexpr std::size_t attribute_size_max = 256 << 10;
constexpr unsigned all_bits = R_OK | W_OK | X_OK;

bool is_allowed(int file, unsigned bits) noexcept {
#ifdef SYS_faccessat2
  const long result = ::syscall(SYS_faccessat2, file, "", bits, AT_EACCESS | AT_EMPTY_PATH);
  if (result == 0 || (errno != ENOSYS && errno != EPERM)) return result == 0;
#endif
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  return ::faccessat(AT_FDCWD, path.c_str(), static_cast<int>(bits), AT_EACCESS) == 0;
}

unsigned allowed_bits(int file) noexcept {
  if (is_allowed(file, all_bits)) return all_bits;
  unsigned allowed = 0;
  for (const unsigned bit : {4U, 2U, 1U}) {
    if (is_allowed(file, bit)) allowed |= bit;
  }
  return allowed;
}

// Handles opened with O_PATH have no attributes; their names under /proc do.
ssize_t list_attributes(int file, const std::string& path, char* names, std::size_t size) noexcept {
  const ssize_t listed = ::flistxattr(file, names, size);
  return listed < 0 && errno == EBADF ? ::listxattr(path.c_str(), names, size) : listed;
}

ssize_t get_attribute(int file, const std::string& path, const char* name, char* value, std::size_t size) noexcept {
  const ssize_t got = ::fgetxattr(file, name, value, size);
  return got < 0 && errno == EBADF ? ::getxattr(path.c_str(), name, value, size) : got;
}

// The error number, or 0. One that is gone, or that this user may not read, is as if it were not there.
int add_attribute(int file, const std::string& path, const char* name, AccessFacts& facts) {
  std::string value(4096, '\0');
  for (;;) {
    const ssize_t size = get_attribute(file, path, name, value.data(), value.size());
    if (size >= 0) {
      value.resize(static_cast<std::size_t>(size));
      facts.attributes.emplace_back(name, std::move(value));
      return 0;
    }
    if (errno != ERANGE || value.size() >= attribute_size_max) break;
    value.resize(value.size() * 4);
  }
  constexpr std::array means_none{ENODATA, ENOTSUP, ENOSYS, EACCES, EPERM};
  return std::ranges::find(means_none, errno) != means_none.end() ? 0 : errno;
}

int read_attributes(int file, bool is_network_mount, AccessFacts& facts) {
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  std::string names(1024, '\0');
  ssize_t listed = 0;
  while ((listed = list_attributes(file, path, names.data(), names.size())) < 0 && errno == ERANGE &&
         names.size() < attribute_size_max) {
    names.resize(names.size() * 4);
  }
  names.resize(listed > 0 ? static_cast<std::size_t>(listed) : 0);
  for (std::string_view rest = names; !rest.empty();) {
    const std::string name(rest.substr(0, rest.find('\0')));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    if (std::ranges::find(attributes_of_rights, name) == attributes_of_rights.end()) continue;
    if (const int number = add_attribute(file, path, name.c_str(), facts); number != 0) return number;
  }
  return is_network_mount ? add_attribute(file, path, mount_attribute, facts) : 0;
}

AccessFacts::Caller this_process() {
  AccessFacts::Caller caller{.id = ::geteuid(), .is_root = ::geteuid() == 0};
  caller.groups.resize(256);
  int filled = ::getgroups(static_cast<int>(caller.groups.size()), caller.groups.data());
  if (filled < 0) {
    caller.groups.resize(NGROUPS_MAX);
    filled = ::getgroups(static_cast<int>(caller.groups.size()), caller.groups.data());
  }
  caller.groups.resize(filled > 0 ? static_cast<std::size_t>(filled) : 0);
  const gid_t own = ::getegid();
  if (std::ranges::find(caller.groups, own) == caller.groups.end()) caller.groups.push_back(own);
  return caller;
}

std::string name_of_group(unsigned id) {
  const std::string number = "gid " + std::to_string(id);
  std::vector<char> text(16 << 10);
  group entry{};
  group* found = nullptr;
  ::getgrgid_r(id, &entry, text.data(), text.size(), &found);
  return found != nullptr ? std::string(found->gr_name) + " (" + number + ')' : number;
}

}  // namespace

int read_access_facts(int file, bool is_network_mount, AccessFacts& facts) {
  struct statx status {};
  if (status_of(file, status) != 0) return errno;
  facts.ownership = {.owner = status.stx_uid, .group = status.stx_gid, .mode = status.stx_mode & 0777U};
  facts.caller = this_process();
  facts.allows = allowed_bits(file);
  facts.is_network_mount = is_network_mount;
  if (facts.allows != all_bits) {
    struct statvfs space {};
    facts.is_mounted_read_only = ::fstatvfs(file, &space) == 0 && (space.f_flag & ST_RDONLY) != 0;
    facts.owner_name = name_of_user(status.stx_uid);
    facts.group_name = name_of_group(status.stx_gid);
    facts.caller_name = name_of_user(facts.caller->id);
  }
  return read_attributes(file, is_network_mount, facts);
}

// One question a file, by its name under /proc: opening each for it would cost twice as much. A link that came since the
// folder was listed is not followed, and has no such attribute itself.
int mark_access_lists(int folder, std::span<Entry> entries) {
  const std::string prefix = "/proc/self/fd/" + std::to_string(folder) + '/';
  std::string value(4096, '\0');
  std::string path;
  for (Entry& entry : entries) {
    path.assign(prefix).append(entry.path.name());
    entry.access_mark = access_mark_none;
    for (const char* name : nt_list_attributes) {
      ssize_t size = 0;
      while ((size = ::lgetxattr(path.c_str(), name, value.data(), value.size())) < 0 && errno == ERANGE &&
             value.size() < attribute_size_max) {
        value.resize(value.size() * 4);
      }
      if (size > 0) {
        entry.access_mark = access_mark_of(std::string_view(value).substr(0, static_cast<std::size_t>(size)));
        break;
      }
      constexpr std::array means_none{ENODATA, ENOTSUP, ENOSYS, EACCES, EPERM, ENOENT};
      if (size < 0 && std::ranges::find(means_none, errno) == means_none.end()) return errno;
    }
  }
  return 0;
}

std::string name_of_user(unsigned id) {
  const std::string number = "uid " + std::to_string(id);
  std::vector<char> text(16 << 10);
  passwd entry{};
  passwd* found = nullptr;
  // A user that the directory service does not know, or cannot be asked about now, still has a number.
  ::getpwuid_r(id, &entry, text.data(), text.size(), &found);
  return found != nullptr ? std::string(found->pw_name) + " (" + number + ')' : number;
}

}  // namespace roamsync::posix
