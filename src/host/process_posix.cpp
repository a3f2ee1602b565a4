#include "host/process_posix.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>

#include <array>
#include <charconv>
#include <memory>
#include <string_view>

namespace roamsync {
namespace {

constexpr std::uint64_t kernel_thread_flag = 0x00200000;  // PF_KTHREAD, linux/sched.h
constexpr std::string_view deleted_mark = " (deleted)";

std::uint64_t number_in(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// The fields of /proc/PID/stat behind the name, which stands in brackets and may itself hold brackets and blanks: state is
// the first, field 3 of proc(5).
class StatFields {
 public:
  explicit StatFields(std::string_view stat) {
    const auto end_of_name = stat.rfind(')');
    if (end_of_name == std::string_view::npos) return;
    for (auto rest = stat.substr(end_of_name + 1); count_ < fields_.size();) {
      const auto begin = rest.find_first_not_of(" \n");
      if (begin == std::string_view::npos) return;
      const auto end = std::min(rest.find_first_of(" \n", begin), rest.size());
      fields_[count_++] = rest.substr(begin, end - begin);
      rest.remove_prefix(end);
    }
  }
  /// By the numbers of proc(5); empty when it is not there.
  std::string_view field(std::size_t number) const { return number - 3 < count_ ? fields_[number - 3] : ""; }

 private:
  std::array<std::string_view, 20> fields_ = {};
  std::size_t count_ = 0;
};

}  // namespace

std::optional<Process> Process::open(pid_t pid) {
  Process process;
  process.pid_ = pid;
  process.folder_ = Descriptor(::open(("/proc/" + std::to_string(pid)).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!process.folder_) return std::nullopt;
  const std::string stat = process.read("stat");
  const StatFields fields{stat};
  if (fields.field(22).empty()) return std::nullopt;
  process.parent_ = static_cast<pid_t>(number_in(fields.field(4)));
  process.is_kernel_thread_ = (number_in(fields.field(9)) & kernel_thread_flag) != 0;
  process.started_ = number_in(fields.field(22));
  return process;
}

std::string Process::name() const {
  std::array<char, 4096> target;
  const ssize_t length = ::readlinkat(folder(), "exe", target.data(), target.size());
  if (length > 0) {
    std::string_view path(target.data(), static_cast<std::size_t>(length));
    if (path.ends_with(deleted_mark)) path.remove_suffix(deleted_mark.size());
    return std::string(path.substr(path.rfind('/') + 1));
  }
  std::string name = read("comm");
  if (name.ends_with('\n')) name.pop_back();
  return name;
}

std::string Process::read(const char* file) const {
  const Descriptor descriptor{::openat(folder(), file, O_RDONLY | O_CLOEXEC)};
  return descriptor ? read_to_end(descriptor.get()) : std::string();
}

// By number: the header of these calls in glibc 2.36 cannot be used from C++.
Descriptor open_process_handle(pid_t pid) { return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U))); }

bool send_signal(const Descriptor& process_handle, int signal) {
  return ::syscall(SYS_pidfd_send_signal, process_handle.get(), signal, nullptr, 0U) == 0;
}

bool for_each_number(int folder, const char* path, const std::function<void(int)>& visit) {
  const int descriptor = ::openat(folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream{::fdopendir(descriptor), &::closedir};
  if (stream == nullptr) {
    ::close(descriptor);
    return false;
  }
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    int number = 0;
    const auto end = std::from_chars(name.data(), name.data() + name.size(), number);
    if (end.ec == std::errc() && end.ptr == name.data() + name.size()) visit(number);
  }
  return true;
}

Result<std::vector<pid_t>> all_processes() {
  std::vector<pid_t> pids;
  if (!for_each_number(AT_FDCWD, "/proc", [&](int pid) { pids.push_back(pid); }) || pids.empty()) {
    return Error(Errc::not_supported, {.step = "look for holders",
                                       .path = "/proc",
                                       .expected = "a list of the running processes",
                                       .found = "none",
                                       .cure = "mount /proc"});
  }
  return pids;
}

std::vector<pid_t> caller_and_ancestors() {
  std::vector<pid_t> pids;
  for (pid_t pid = ::getpid(); pid > 0;) {
    pids.push_back(pid);
    const auto process = Process::open(pid);
    pid = process ? process->parent() : 0;
  }
  return pids;
}

}  // namespace roamsync
