#include "host/hive_holders_posix.hpp"

#include "host/file_lease_posix.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace roamsync {
namespace {

// Times and sizes do not matter here, so a dead server behind somebody's descriptor need not be asked (and waited for).
constexpr unsigned statx_mask = STATX_INO | STATX_TYPE;

bool look_at(int folder, const char* path, int flags, struct statx& out) {
  return ::statx(folder, path, flags | AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, statx_mask, &out) == 0;
}

bool is_same(const WantedFile& file, const struct statx& seen) {
  return file.inode == seen.stx_ino && file.device_major == seen.stx_dev_major &&
         file.device_minor == seen.stx_dev_minor;
}

struct Use {
  std::vector<int> readers;
  std::vector<int> writers;
  bool is_mapped = false;
  bool is_mapped_for_writing = false;

  bool none() const { return readers.empty() && writers.empty() && !is_mapped; }
};

std::string descriptors_in_words(const std::vector<int>& numbers) {
  std::string text = numbers.size() == 1 ? " (descriptor " : " (descriptors ";
  for (std::size_t i = 0; i < numbers.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(numbers[i]);
  return text + ')';
}

std::string in_words(const WantedFile& file, Use use) {
  std::string text = file.path.filename().string();
  auto add = [&, first = true](const std::string& part) mutable {
    text += (first ? " " : ", ") + part;
    first = false;
  };
  std::sort(use.readers.begin(), use.readers.end());
  std::sort(use.writers.begin(), use.writers.end());
  if (!use.writers.empty()) add("open for writing" + descriptors_in_words(use.writers));
  if (!use.readers.empty()) add("open for reading" + descriptors_in_words(use.readers));
  if (use.is_mapped) add(use.is_mapped_for_writing ? "mapped into memory for writing" : "mapped into memory");
  return text;
}

// The open flags of a descriptor, from fdinfo; nothing when it has been closed meanwhile.
std::optional<unsigned> open_flags(const Process& process, int descriptor) {
  const std::string info = process.read(("fdinfo/" + std::to_string(descriptor)).c_str());
  constexpr std::string_view label = "flags:";
  const auto at = info.find(label);
  if (at == std::string::npos) return std::nullopt;
  const auto digits = info.find_first_not_of(" \t", at + label.size());
  if (digits == std::string::npos) return std::nullopt;
  unsigned flags = 0;
  const auto end = std::from_chars(info.data() + digits, info.data() + info.size(), flags, 8);
  return end.ec == std::errc() ? std::optional(flags) : std::nullopt;
}

bool look_at_descriptors(const Process& process, std::span<const WantedFile> files, std::vector<Use>& uses) {
  return for_each_number(process.folder(), "fd", [&](int descriptor) {
    struct statx seen = {};
    if (!look_at(process.folder(), ("fd/" + std::to_string(descriptor)).c_str(), 0, seen)) return;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (!is_same(files[i], seen)) continue;
      const auto flags = open_flags(process, descriptor);
      // O_PATH only names a file: it cannot be read, written or kept from going by it.
      if (!flags || (*flags & O_PATH) != 0) continue;
      ((*flags & O_ACCMODE) == O_RDONLY ? uses[i].readers : uses[i].writers).push_back(descriptor);
    }
  });
}

// One line of /proc/PID/maps: "address perms offset major:minor inode path", numbers hexadecimal but for the inode.
struct Mapping {
  std::string_view permissions;
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  std::uint64_t inode = 0;
  std::string path;
};

std::optional<Mapping> parse_mapping(std::string_view line) {
  const auto next_field = [&line] {
    const auto begin = std::min(line.find_first_not_of(' '), line.size());
    const auto end = std::min(line.find(' ', begin), line.size());
    const auto field = line.substr(begin, end - begin);
    line.remove_prefix(end);
    return field;
  };
  const auto number = [](std::string_view text, int base) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value, base);
    return value;
  };
  Mapping mapping;
  next_field();
  mapping.permissions = next_field();
  next_field();
  const auto device = next_field();
  mapping.inode = number(next_field(), 10);
  if (mapping.inode == 0) return std::nullopt;
  const auto colon = std::min(device.find(':'), device.size());
  mapping.major = number(device.substr(0, colon), 16);
  mapping.minor = number(device.substr(std::min(colon + 1, device.size())), 16);
  mapping.path = line.substr(std::min(line.find_first_not_of(' '), line.size()));
  return mapping;
}

bool is_mapping_of(const Mapping& mapping, const WantedFile& file) {
  if (mapping.inode != file.inode) return false;
  if (mapping.major == file.device_major && mapping.minor == file.device_minor) return true;
  // Btrfs and overlay file systems show another device here than statx does: then the name decides.
  struct statx seen = {};
  return look_at(AT_FDCWD, mapping.path.c_str(), AT_SYMLINK_NOFOLLOW, seen) && is_same(file, seen);
}

void look_at_mappings(const Process& process, std::span<const WantedFile> files, std::vector<Use>& uses) {
  const std::string maps = process.read("maps");
  for (std::string_view rest = maps; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto mapping = parse_mapping(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!mapping) continue;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (!is_mapping_of(*mapping, files[i])) continue;
      uses[i].is_mapped = true;
      if (mapping->permissions.find('w') != std::string_view::npos && mapping->permissions.ends_with('s')) {
        uses[i].is_mapped_for_writing = true;
      }
    }
  }
}

Holder unseen_holder_of(const WantedFile& file) {
  return {.pid = 0,
          .name = "a process that cannot be seen",
          .what = file.path.filename().string() + " open; an administrator can tell by whom"};
}

// All processes, once. `is_held` tells for which files somebody was found.
Result<HolderReport> walk(std::span<const WantedFile> files, std::vector<bool>& is_held) {
  HolderReport report;
  is_held.assign(files.size(), false);
  BOOST_OUTCOME_TRY(const auto pids, all_processes());
  for (const pid_t pid : pids) {
    const auto process = Process::open(pid);
    if (!process || process->is_kernel_thread()) continue;
    auto holdings = holdings_of(*process, files);
    if (!holdings.may_look) ++report.unseen_processes;
    for (const std::size_t file : holdings.files) is_held[file] = true;
    std::move(holdings.holders.begin(), holdings.holders.end(), std::back_inserter(report.holders));
  }
  std::stable_sort(report.holders.begin(), report.holders.end(),
                   [](const Holder& left, const Holder& right) { return left.pid < right.pid; });
  return report;
}

}  // namespace

Result<std::vector<WantedFile>> wanted_files(std::span<const boost::filesystem::path> paths) {
  std::vector<WantedFile> files;
  for (const auto& path : paths) {
    struct statx seen = {};
    if (::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, statx_mask, &seen) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) continue;
      return Error(last_error(), {.step = "look for holders", .path = path.string()});
    }
    if ((seen.stx_mode & S_IFMT) == S_IFLNK) {
      return Error(
          Errc::unsafe_path,
          {.step = "look for holders", .path = path.string(), .expected = "a file", .found = "a symbolic link"});
    }
    files.push_back({path, seen.stx_dev_major, seen.stx_dev_minor, seen.stx_ino});
  }
  return files;
}

ProcessHoldings holdings_of(const Process& process, std::span<const WantedFile> files) {
  ProcessHoldings holdings;
  std::vector<Use> uses(files.size());
  holdings.may_look = look_at_descriptors(process, files, uses);
  if (!holdings.may_look) return holdings;
  look_at_mappings(process, files, uses);
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (uses[i].none()) continue;
    holdings.holders.push_back({.pid = process.pid(),
                                .name = process.name(),
                                .what = in_words(files[i], uses[i]),
                                .started = process.started(),
                                .is_caller = process.pid() == ::getpid()});
    holdings.files.push_back(i);
  }
  return holdings;
}

Result<HolderReport> find_holders(std::span<const WantedFile> files) {
  // Somebody may let go, and somebody else come, between the two questions: a second round before an unseen holder is claimed.
  for (bool is_last_round = false;; is_last_round = true) {
    std::vector<WantedFile> asked;
    std::vector<bool> is_surely_held;
    for (const WantedFile& file : files) {
      const LeaseAnswer answer = ask_by_lease(file.path);
      if (answer == LeaseAnswer::nobody) continue;
      asked.push_back(file);
      is_surely_held.push_back(answer == LeaseAnswer::somebody);
    }
    if (asked.empty()) return HolderReport{};
    std::vector<bool> is_explained;
    BOOST_OUTCOME_TRY(auto report, walk(asked, is_explained));
    std::vector<Holder> unseen;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (is_surely_held[i] && !is_explained[i]) unseen.push_back(unseen_holder_of(asked[i]));
    }
    if (!unseen.empty() && !is_last_round) continue;
    report.holders.insert(report.holders.begin(), unseen.begin(), unseen.end());
    return report;
  }
}

}  // namespace roamsync
