/// @file
/// Progress: counts bytes and files of several lanes and tells at most ten times a second.
#pragma once

#include <roamsync/event.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

namespace roamsync {

/// Threads: all calls from several. The sink is called by one at a time.
class ProgressMeter {
 public:
  using Clock = std::function<std::chrono::nanoseconds()>;
  /// Without a clock only finish() tells.
  ProgressMeter(const EventSink& sink, const Clock& clock, std::uint64_t files_total, std::uint64_t bytes_total);

  void add_bytes(std::uint64_t bytes);
  /// Takes back what a repeated copy counted in vain.
  void take_back(std::uint64_t bytes) noexcept { bytes_.fetch_sub(bytes, std::memory_order_relaxed); }
  void add_file();
  void notice(Notice notice);
  void finish();

 private:
  void tell_if_due();
  Progress progress(std::chrono::nanoseconds now) const;

  const EventSink& sink_;
  const Clock& clock_;
  const std::uint64_t files_total_;
  const std::uint64_t bytes_total_;
  const std::chrono::nanoseconds started_;
  std::atomic<std::uint64_t> files_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<std::int64_t> next_;
  std::mutex mutex_;
};

}  // namespace roamsync
