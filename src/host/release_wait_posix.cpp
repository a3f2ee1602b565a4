#include "host/release_wait_posix.hpp"

#include "host/file_lease_posix.hpp"
#include "host/hive_holders_posix.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>
#include <vector>

namespace roamsync {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Where the system cannot tell us (no inotify left, no pidfd).
constexpr milliseconds look_again_after{1'000};
// A holder that cannot be seen is asked for by lease, and each such question wakes our own watch.
constexpr milliseconds ask_again_after{20};

constexpr auto far_away = Clock::time_point::max();

Clock::time_point deadline_of(milliseconds patience) {
  const auto now = Clock::now();
  return patience < std::chrono::duration_cast<milliseconds>(far_away - now) ? now + patience : far_away;
}

class Wait {
 public:
  Wait(std::span<const boost::filesystem::path> paths, milliseconds patience, const std::stop_token& stop)
      : paths_(paths), deadline_(deadline_of(patience)), stop_(stop) {}

  Result<HolderReport> run() {
    const Descriptor stop_event{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!stop_event) return Error(last_error(), {.step = step});
    stop_descriptor_ = stop_event.get();
    const std::stop_callback on_stop(stop_, [this] { ::eventfd_write(stop_descriptor_, 1); });
    inotify_ = Descriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    for (;;) {
      if (stop_.stop_requested()) return Error(Errc::cancelled, {.step = step});
      // The watch first, the look behind it: who lets go in between is noticed by one or the other.
      watch();
      BOOST_OUTCOME_TRY(auto report, look());
      if (report.holders.empty() || Clock::now() >= deadline_) return report;
      wait_for_change(report);
    }
  }

 private:
  static constexpr auto step = "wait for the hive";

  void watch() {
    is_watching_ = static_cast<bool>(inotify_);
    for (const auto& path : paths_) {
      // IN_ATTRIB: a file that loses its name while somebody still has it open only tells of its link count.
      constexpr std::uint32_t mask =
          IN_CLOSE_WRITE | IN_CLOSE_NOWRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_DONT_FOLLOW;
      if (inotify_ && ::inotify_add_watch(inotify_.get(), path.c_str(), mask) < 0 && errno != ENOENT) {
        is_watching_ = false;
      }
    }
  }

  Result<HolderReport> look() {
    BOOST_OUTCOME_TRY(auto files, wanted_files(paths_));
    files_ = std::move(files);
    BOOST_OUTCOME_TRY(auto report, find_holders(files_));
    std::erase_if(report.holders, [](const Holder& holder) { return holder.is_caller; });
    return report;
  }

  // Returns when all named holders seem to have let go, when an unseen one has, when the names stand for other files, when the
  // time is up or a stop is requested.
  // Looks only at processes, never opens the files: that would wake our own watch.
  void wait_for_change(const HolderReport& report) {
    std::vector<Holder> holders = report.holders;
    const bool has_unseen = std::any_of(holders.begin(), holders.end(), is_unseen);
    std::vector<Descriptor> processes;
    bool sees_all_exits = true;
    for (const Holder& holder : holders) {
      if (is_unseen(holder)) continue;
      processes.push_back(open_process_handle(static_cast<pid_t>(holder.pid)));
      if (!processes.back()) {
        processes.pop_back();
        sees_all_exits = false;
      }
    }
    while (!stop_.stop_requested() && Clock::now() < deadline_) {
      const bool can_be_told = is_watching_ && sees_all_exits;
      sleep_until(can_be_told ? deadline_ : std::min(deadline_, Clock::now() + look_again_after), processes);
      const auto files_now = wanted_files(paths_);
      if (!files_now || files_now.value() != files_) return;
      std::erase_if(holders, [&](const Holder& holder) { return !is_unseen(holder) && !still_holds(holder); });
      if (has_unseen) {
        if (unseen_have_let_go()) return;
        pause(ask_again_after);
      } else if (holders.empty()) {
        return;
      }
    }
  }

  bool still_holds(const Holder& holder) const {
    const auto process = Process::open(static_cast<pid_t>(holder.pid));
    return process && process->started() == holder.started && !holdings_of(*process, files_).holders.empty();
  }

  bool unseen_have_let_go() const {
    return std::none_of(files_.begin(), files_.end(),
                        [](const WantedFile& file) { return ask_by_lease(file.path) == LeaseAnswer::somebody; });
  }

  // Until a file is closed, a process of the list ends (it is dropped from it), a stop is requested or the time is up.
  void sleep_until(Clock::time_point when, std::vector<Descriptor>& processes) {
    std::vector<pollfd> watched{{stop_descriptor_, POLLIN, 0}, {inotify_.get(), POLLIN, 0}};
    for (const Descriptor& process : processes) watched.push_back({process.get(), POLLIN, 0});
    if (!poll_until(watched, when)) return;
    if (watched[1].revents != 0) drain_watch();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < processes.size(); ++i) {
      if (watched[i + 2].revents == 0) std::swap(processes[kept++], processes[i]);
    }
    processes.resize(kept);
  }

  void pause(milliseconds length) {
    std::vector<pollfd> watched{{stop_descriptor_, POLLIN, 0}};
    poll_until(watched, std::min(deadline_, Clock::now() + length));
  }

  static bool poll_until(std::vector<pollfd>& watched, Clock::time_point when) {
    timespec left = {};
    if (when != far_away) {
      const auto nanoseconds = std::max(std::chrono::nanoseconds(when - Clock::now()), std::chrono::nanoseconds(0));
      left.tv_sec = static_cast<time_t>(nanoseconds.count() / 1'000'000'000);
      left.tv_nsec = static_cast<long>(nanoseconds.count() % 1'000'000'000);
    }
    return ::ppoll(watched.data(), watched.size(), when == far_away ? nullptr : &left, nullptr) > 0;
  }

  // What the events say does not matter: any of them means "look again".
  void drain_watch() const {
    alignas(inotify_event) std::array<char, 4096> events;
    while (::read(inotify_.get(), events.data(), events.size()) > 0) {
    }
  }

  std::span<const boost::filesystem::path> paths_;
  Clock::time_point deadline_;
  const std::stop_token& stop_;
  int stop_descriptor_ = -1;
  Descriptor inotify_;
  bool is_watching_ = false;
  std::vector<WantedFile> files_;
};

}  // namespace

Result<HolderReport> wait_for_release(std::span<const boost::filesystem::path> files, milliseconds patience,
                                      std::stop_token stop) {
  return Wait(files, patience, stop).run();
}

}  // namespace roamsync
