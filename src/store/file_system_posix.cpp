#include "store/file_system_posix.hpp"

#include <linux/fs.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <sys/vfs.h>

#include <cstdlib>
#include <cstring>

namespace roamsync::posix {
namespace {

using namespace std::chrono_literals;

// Not in every version of linux/magic.h.
constexpr std::uint32_t vfat_magic = 0x4d44;
constexpr std::uint32_t exfat_magic = 0x2011BAB0;
constexpr std::uint32_t nfs_magic = 0x6969;
constexpr std::uint32_t cifs_magic = 0xFF534D42;
constexpr std::uint32_t smb2_magic = 0xFE534D42;
constexpr std::uint32_t xfs_magic = 0x58465342;
constexpr std::uint32_t bcachefs_magic = 0xca451a4e;

// Before 5.8 syncfs() reported no write error.
bool syncfs_reports_errors() noexcept {
  utsname system{};
  if (::uname(&system) != 0) return false;
  char* rest = nullptr;
  const long major = std::strtol(system.release, &rest, 10);
  const long minor = *rest == '.' ? std::strtol(rest + 1, nullptr, 10) : 0;
  return major > 5 || (major == 5 && minor >= 8);
}

bool folds_case(int folder) noexcept {
#ifdef FS_CASEFOLD_FL
  int flags = 0;
  return ::ioctl(folder, FS_IOC_GETFLAGS, &flags) == 0 && (flags & FS_CASEFOLD_FL) != 0;
#else
  static_cast<void>(folder);
  return false;
#endif
}

}  // namespace

FileSystem file_system_of(int folder) noexcept {
  FileSystem found{.traits = {.atomic_replace = true,
                              .durable_flush = true,
                              .case_sensitive = !folds_case(folder),
                              .security_descriptors = false,
                              .posix_modes = true,
                              .duplicates_cheaply = true,
                              .time_resolution = 100ns}};
  StoreTraits& traits = found.traits;
  struct statfs facts {};
  if (::fstatfs(folder, &facts) != 0) return found;
  switch (static_cast<std::uint32_t>(facts.f_type)) {
    case EXT4_SUPER_MAGIC:  // ext2 and ext3 too, whose times are whole seconds: nothing but their inode size tells
    case xfs_magic: found.has_direct_io = true; [[fallthrough]];
    case BTRFS_SUPER_MAGIC: found.change_times_tell = true; [[fallthrough]];
    case F2FS_SUPER_MAGIC:
    case bcachefs_magic: found.one_flush_serves_all = syncfs_reports_errors(); break;
    case TMPFS_MAGIC:
    case RAMFS_MAGIC: traits.durable_flush = false; break;
    case vfat_magic:
      traits.case_sensitive = false;
      traits.posix_modes = false;
      traits.time_resolution = 2s;
      break;
    case exfat_magic:
      traits.case_sensitive = false;
      traits.posix_modes = false;
      traits.time_resolution = 10ms;
      break;
    case cifs_magic:
    case smb2_magic:
    case SMB_SUPER_MAGIC:
      traits.case_sensitive = false;
      traits.posix_modes = false;
      traits.is_remote = true;
      found.flush_needs_write_access = true;
      found.second_name_is_refused = true;
      found.is_smb_mount = true;
      break;
    case nfs_magic: traits.is_remote = true; [[fallthrough]];
    default: found.flush_needs_write_access = true; break;
  }
  return found;
}

}  // namespace roamsync::posix
