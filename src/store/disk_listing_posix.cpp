#include "store/disk_listing_posix.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <cstring>
#include <memory>

namespace roamsync::posix {
namespace {

// Holds some 2,000 names: nearly every folder is read in one call and one more that says "no more".
constexpr std::size_t names_size = 64 << 10;

class FolderLister {
 public:
  FolderLister(const DiskRoot& root, const ProfilePath& directory, int folder)
      : root_(root), directory_(directory), folder_(folder) {}

  Result<Listing> run() {
    thread_local const auto names = std::make_unique_for_overwrite<char[]>(names_size);
    for (;;) {
      const ssize_t size = ::getdents64(folder_, names.get(), names_size);
      if (size < 0) return root_.failure(errno, directory_);
      if (size == 0) return std::move(listing_);
      if (listing_.entries.empty()) listing_.entries.reserve(number_of_names(names.get(), size));
      for (ssize_t at = 0; at < size;) {
        const auto* one = reinterpret_cast<const dirent64*>(names.get() + at);
        at += one->d_reclen;
        BOOST_OUTCOME_TRYV(take(one->d_name, one->d_type));
      }
    }
  }

 private:
  static std::size_t number_of_names(const char* names, ssize_t size) {
    std::size_t number = 0;
    for (ssize_t at = 0; at < size; ++number) at += reinterpret_cast<const dirent64*>(names + at)->d_reclen;
    return number;
  }

  Result<void> take(const char* name, unsigned char type) {
    if (std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0) return success();
    if (type != DT_REG && type != DT_DIR && type != DT_UNKNOWN) {
      refuse(name, describe(folder_, name, DTTOIF(static_cast<mode_t>(type))));
      return success();
    }
    if (const std::string_view fault = ProfilePath::fault_of_name(name); !fault.empty()) {
      refuse(name, "a name that Windows cannot have: " + std::string(fault));
      return success();
    }
    struct statx status {};
    if (status_of(folder_, name, status) != 0) {
      if (errno == ENOENT) return success();  // gone since the folder was read
      return root_.failure(errno, directory_.child_unchecked(name));
    }
    if (!S_ISREG(status.stx_mode) && !S_ISDIR(status.stx_mode)) {
      refuse(name, describe(folder_, name, status.stx_mode));
      return success();
    }
    listing_.entries.push_back(root_.entry_of(directory_.child_unchecked(name), status));
    return success();
  }

  void refuse(const char* name, std::string found) {
    std::string path(directory_.text());
    if (!path.empty()) path += '/';
    listing_.unusable.push_back({.path = path + name, .found = std::move(found)});
  }

  const DiskRoot& root_;
  const ProfilePath& directory_;
  int folder_;
  Listing listing_;
};

}  // namespace

Result<Listing> list_folder(const DiskRoot& root, const ProfilePath& directory) {
  const Handle folder(root.open_to_read(directory, O_DIRECTORY));
  if (!folder) return root.failure(errno, directory);
  return FolderLister(root, directory, folder.get()).run();
}

Result<std::optional<std::vector<Entry>>> stat_names_of_folder(const DiskRoot& root, const ProfilePath& directory,
                                                               std::span<const Entry* const> known) {
  const Handle folder(root.open_descriptor(directory, O_PATH | O_DIRECTORY));
  if (!folder) return root.failure(errno, directory);
  const std::size_t prefix = directory.is_root() ? 0 : directory.text().size() + 1;
  std::vector<Entry> entries;
  entries.reserve(known.size());
  for (const Entry* one : known) {
    struct statx status {};
    if (status_of(folder.get(), one->path.c_str() + prefix, status) != 0) {
      if (errno == ENOENT) return std::optional<std::vector<Entry>>();
      return root.failure(errno, one->path);
    }
    if (!S_ISREG(status.stx_mode) && !S_ISDIR(status.stx_mode)) return std::optional<std::vector<Entry>>();
    entries.push_back(root.entry_of(one->path, status));
  }
  return std::optional(std::move(entries));
}

}  // namespace roamsync::posix
