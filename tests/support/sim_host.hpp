/// @file
/// SimHost: a Host whose clock, names, randomness and holders are what the test says. Time passes only when the code under
/// test waits or the test calls advance(), so a run repeats exactly.
#pragma once

#include <roamsync/host.hpp>

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace roamsync::testing {

/// A process that holds every file it is asked about.
struct ScriptedHolder {
  Holder holder = {};
  /// On the host's monotonic clock; none: it never lets go by itself.
  std::optional<std::chrono::nanoseconds> lets_go_at = {};
  /// How long it takes to end when asked; none: it does not listen.
  std::optional<std::chrono::nanoseconds> ends_when_asked_after = std::chrono::nanoseconds(0);
  bool can_be_killed = true;
};

class SimHost : public Host {
 public:
  FileTime now() override {
    const std::scoped_lock lock(mutex_);
    return {start_.ticks + monotonic_.count() / 100};
  }
  std::chrono::nanoseconds monotonic() override {
    const std::scoped_lock lock(mutex_);
    return monotonic_;
  }
  std::uint64_t random() override {
    const std::scoped_lock lock(mutex_);
    std::uint64_t value = (random_state_ += 0x9E3779B97F4A7C15U);  // SplitMix64 (Steele, Lea, Flood 2014)
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31);
  }
  Result<void> pause(std::chrono::milliseconds time, std::stop_token stop) override {
    const std::scoped_lock lock(mutex_);
    if (stop.stop_requested()) return Error(Errc::cancelled, {.step = "pause"});
    monotonic_ += time;
    return success();
  }
  std::string machine_name() override { return machine; }
  std::string user_name() override { return user; }
  std::int64_t process_id() override { return 4242; }

  Result<HolderReport> holders(std::span<const boost::filesystem::path> files) override {
    const std::scoped_lock lock(mutex_);
    return files.empty() ? HolderReport{} : report();
  }

  Result<HolderReport> wait_until_released(std::span<const boost::filesystem::path> files,
                                           std::chrono::milliseconds patience, std::stop_token stop) override {
    const std::scoped_lock lock(mutex_);
    if (stop.stop_requested()) return Error(Errc::cancelled, {.step = "wait for the hive"});
    if (files.empty()) return HolderReport{};
    const auto longest = std::chrono::nanoseconds::max() - monotonic_;
    const auto end = patience < std::chrono::duration_cast<std::chrono::milliseconds>(longest)
                         ? monotonic_ + patience
                         : std::chrono::nanoseconds::max();
    waits.push_back(patience);
    std::optional<std::chrono::nanoseconds> all_gone_at = monotonic_;
    for (const ScriptedHolder& scripted : script_) {
      if (scripted.holder.is_caller) continue;
      all_gone_at = scripted.lets_go_at && all_gone_at ? std::optional(std::max(*all_gone_at, *scripted.lets_go_at))
                                                       : std::nullopt;
    }
    if (all_gone_at && *all_gone_at <= end) {
      monotonic_ = *all_gone_at;
    } else if (end == std::chrono::nanoseconds::max()) {
      return Error(Errc::timed_out, {.step = "wait for the hive", .found = "a scripted holder that never lets go"});
    } else {
      monotonic_ = end;
    }
    HolderReport left = report();
    std::erase_if(left.holders, [](const Holder& holder) { return holder.is_caller; });
    return left;
  }

  Result<void> end_process(const Holder& holder, EndProcess how) override {
    const std::scoped_lock lock(mutex_);
    ended.emplace_back(holder, how);
    if (holder.is_caller || holder.pid == 0) return Error(Errc::not_supported);
    for (ScriptedHolder& scripted : script_) {
      if (scripted.holder.pid != holder.pid || scripted.holder.started != holder.started) continue;
      if (how == EndProcess::kill && scripted.can_be_killed) scripted.lets_go_at = monotonic_;
      if (how == EndProcess::ask && scripted.ends_when_asked_after) {
        const auto ends_at = monotonic_ + *scripted.ends_when_asked_after;
        scripted.lets_go_at = scripted.lets_go_at ? std::min(*scripted.lets_go_at, ends_at) : ends_at;
      }
    }
    return success();
  }

  // --- for the test ---

  void advance(std::chrono::nanoseconds time) {
    const std::scoped_lock lock(mutex_);
    monotonic_ += time;
  }
  /// Sets the wall clock, back too.
  void set_now(FileTime time) {
    const std::scoped_lock lock(mutex_);
    start_.ticks = time.ticks - monotonic_.count() / 100;
  }
  void seed(std::uint64_t value) {
    const std::scoped_lock lock(mutex_);
    random_state_ = value;
  }
  void add_holder(ScriptedHolder holder) {
    const std::scoped_lock lock(mutex_);
    script_.push_back(std::move(holder));
  }
  void clear_holders() {
    const std::scoped_lock lock(mutex_);
    script_.clear();
  }

  std::string machine = "MACHINE-A";
  std::string user = "alice";
  std::vector<std::pair<Holder, EndProcess>> ended;  ///< every call of end_process, in order
  std::vector<std::chrono::milliseconds> waits;      ///< the patience of every wait_until_released

 private:
  HolderReport report() const {
    HolderReport found;
    for (const ScriptedHolder& scripted : script_) {
      if (!scripted.lets_go_at || *scripted.lets_go_at > monotonic_) found.holders.push_back(scripted.holder);
    }
    std::sort(found.holders.begin(), found.holders.end(),
              [](const Holder& left, const Holder& right) { return left.pid < right.pid; });
    return found;
  }

  std::mutex mutex_;
  FileTime start_ = FileTime::from_unix(1'800'000'000, 0);
  std::chrono::nanoseconds monotonic_{0};
  std::uint64_t random_state_ = 1;
  std::vector<ScriptedHolder> script_;
};

}  // namespace roamsync::testing
