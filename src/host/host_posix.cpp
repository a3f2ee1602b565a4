#include <roamsync/host.hpp>

#include "host/hive_holders_posix.hpp"
#include "host/process_posix.hpp"
#include "host/release_wait_posix.hpp"

#include <pwd.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <csignal>
#include <ctime>
#include <mutex>
#include <random>

namespace roamsync {
namespace {

class SystemHost final : public Host {
 public:
  FileTime now() override {
    timespec time = {};
    ::clock_gettime(CLOCK_REALTIME, &time);
    return FileTime::from_unix(time.tv_sec, time.tv_nsec);
  }

  std::chrono::nanoseconds monotonic() override { return std::chrono::steady_clock::now().time_since_epoch(); }

  std::uint64_t random() override {
    std::uint64_t value = 0;
    if (::getrandom(&value, sizeof value, 0) == sizeof value) return value;
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
  }

  Result<void> pause(std::chrono::milliseconds time, std::stop_token stop) override {
    constexpr std::chrono::milliseconds longest = std::chrono::hours(24 * 365);  // the clock must not run over
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, std::min(time, longest), [] { return false; });
    if (stop.stop_requested()) return Error(Errc::cancelled, {.step = "pause"});
    return success();
  }

  std::string machine_name() override {
    std::array<char, 256> name = {};
    // POSIX does not say that a name that was cut has its end; the last byte stays ours.
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
    return name.data();
  }

  std::string user_name() override {
    const uid_t user = ::geteuid();
    std::vector<char> room(16 * 1024);
    passwd entry = {};
    passwd* found = nullptr;
    if (::getpwuid_r(user, &entry, room.data(), room.size(), &found) == 0 && found != nullptr) return found->pw_name;
    return "uid " + std::to_string(user);
  }

  std::int64_t process_id() override { return ::getpid(); }

  Result<HolderReport> holders(std::span<const boost::filesystem::path> files) override {
    BOOST_OUTCOME_TRY(const auto wanted, wanted_files(files));
    return find_holders(wanted);
  }

  Result<HolderReport> wait_until_released(std::span<const boost::filesystem::path> files,
                                           std::chrono::milliseconds patience, std::stop_token stop) override {
    return wait_for_release(files, patience, std::move(stop));
  }

  Result<void> end_process(const Holder& holder, EndProcess how) override {
    const auto refuse = [&](std::error_code code, std::string found) {
      return Error(code, {.step = how == EndProcess::ask ? "ask a process to end" : "end a process",
                          .path = holder.name + " (pid " + std::to_string(holder.pid) + ')',
                          .found = std::move(found)});
    };
    const auto pid = static_cast<pid_t>(holder.pid);
    if (pid <= 0 || pid != holder.pid) return refuse(Errc::not_supported, "a process that cannot be seen");
    const auto spared = caller_and_ancestors();
    if (pid == 1 || std::find(spared.begin(), spared.end(), pid) != spared.end()) {
      return refuse(Errc::not_supported, "this process or one it was started by");
    }
    // The handle first, the start time behind it: from here on the number cannot pass to another process unnoticed.
    const Descriptor handle = open_process_handle(pid);
    if (!handle) {
      if (errno == ESRCH) return success();
      return refuse(last_error(), "");
    }
    const auto process = Process::open(pid);
    if (!process || process->started() != holder.started) return success();
    if (!send_signal(handle, how == EndProcess::ask ? SIGTERM : SIGKILL) && errno != ESRCH) {
      return refuse(last_error(), "");
    }
    return success();
  }
};

}  // namespace

std::unique_ptr<Host> make_system_host() { return std::make_unique<SystemHost>(); }

}  // namespace roamsync
