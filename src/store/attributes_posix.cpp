#include "store/attributes_posix.hpp"

#include <sys/statvfs.h>
#include <sys/xattr.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace roamsync::posix {
namespace {

// What belongs to this machine's way of storing the file and not to the file.
constexpr std::array<std::string_view, 2> local_prefixes{"user.overlay.", "user.fuseoverlayfs."};

constexpr std::string_view samba_access_list = "security.NTACL";

bool roams(std::string_view name) noexcept {
  if (name == samba_access_list) return true;
  return name.starts_with("user.") &&
         std::ranges::none_of(local_prefixes, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

// Calls `read(buffer, size)` with growing room until all fits. The error number, or 0.
template <class Read>
int read_all(Read read, std::string& out) {
  out.resize(256);
  for (;;) {
    const ssize_t size = read(out.data(), out.size());
    if (size >= 0) {
      out.resize(static_cast<std::size_t>(size));
      return 0;
    }
    if (errno != ERANGE) return errno;
    out.resize(out.size() * 4);
  }
}

// A file's own room for attributes is used up; the disk is not.
bool disk_has_room(int file) noexcept {
  struct statvfs space {};
  return ::fstatvfs(file, &space) == 0 && space.f_bavail != 0;
}

}  // namespace

int read_extended(int file, ExtendedAttributes& out) {
  // Most files have none: then this one call is all.
  std::array<char, 256> few;
  const ssize_t listed = ::flistxattr(file, few.data(), few.size());
  if (listed == 0) return 0;
  std::string names;
  if (listed > 0) {
    names.assign(few.data(), static_cast<std::size_t>(listed));
  } else {
    const int number =
        errno == ERANGE
            ? read_all([&](char* buffer, std::size_t size) { return ::flistxattr(file, buffer, size); }, names)
            : errno;
    if (number == ENOTSUP || number == ENOSYS) return 0;
    if (number != 0) return number;
  }
  for (std::string_view rest = names; !rest.empty();) {
    const std::string name(rest.substr(0, rest.find('\0')));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    if (!roams(name)) continue;
    std::string value;
    const int number =
        read_all([&](char* buffer, std::size_t size) { return ::fgetxattr(file, name.c_str(), buffer, size); }, value);
    if (number == ENODATA) continue;  // removed meanwhile
    if (number != 0) return number;
    out.emplace_back(name, std::move(value));
  }
  std::ranges::sort(out);
  return 0;
}

int write_extended(int file, const ExtendedAttributes& attributes) {
  for (const auto& [name, value] : attributes) {
    if (!roams(name) || ::fsetxattr(file, name.c_str(), value.data(), value.size(), 0) == 0) continue;
    switch (errno) {
      case ENOTSUP:
      case ENOSYS: return 0;
      case E2BIG:
      case ERANGE: break;
      case EPERM:
      case EACCES:
        if (name == samba_access_list) break;  // root alone may set it
        return errno;
      case ENOSPC:
        if (!disk_has_room(file)) return ENOSPC;
        break;
      default: return errno;
    }
  }
  return 0;
}

}  // namespace roamsync::posix
