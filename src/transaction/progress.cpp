#include "transaction/progress.hpp"

#include <algorithm>

namespace roamsync {
namespace {

constexpr std::chrono::nanoseconds interval = std::chrono::milliseconds(100);

std::chrono::nanoseconds now_of(const ProgressMeter::Clock& clock) {
  return clock ? clock() : std::chrono::nanoseconds(0);
}

}  // namespace

ProgressMeter::ProgressMeter(const EventSink& sink, const Clock& clock, std::uint64_t files_total,
                             std::uint64_t bytes_total)
    : sink_(sink),
      clock_(clock),
      files_total_(files_total),
      bytes_total_(bytes_total),
      started_(now_of(clock)),
      next_((started_ + interval).count()) {}

void ProgressMeter::add_bytes(std::uint64_t bytes) {
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  tell_if_due();
}

void ProgressMeter::add_file() {
  files_.fetch_add(1, std::memory_order_relaxed);
  tell_if_due();
}

void ProgressMeter::notice(Notice notice) {
  if (!sink_) return;
  const std::lock_guard lock(mutex_);
  sink_(std::move(notice));
}

void ProgressMeter::finish() {
  if (!sink_) return;
  const std::lock_guard lock(mutex_);
  sink_(progress(now_of(clock_)));
}

void ProgressMeter::tell_if_due() {
  if (!sink_ || !clock_) return;
  const std::chrono::nanoseconds now = clock_();
  std::int64_t due = next_.load(std::memory_order_relaxed);
  if (now.count() < due) return;
  // Whoever moves the mark tells; the others go on copying.
  if (!next_.compare_exchange_strong(due, (now + interval).count(), std::memory_order_relaxed)) return;
  const std::lock_guard lock(mutex_);
  sink_(progress(now));
}

Progress ProgressMeter::progress(std::chrono::nanoseconds now) const {
  Progress progress{.files_done = files_.load(std::memory_order_relaxed),
                    .files_total = files_total_,
                    .bytes_done = bytes_.load(std::memory_order_relaxed)};
  // A file that grew since it was listed moves the end further away.
  progress.bytes_total = std::max(bytes_total_, progress.bytes_done);
  const std::chrono::duration<double> elapsed = now - started_;
  if (elapsed.count() <= 0) return progress;
  progress.bytes_per_second = static_cast<double>(progress.bytes_done) / elapsed.count();
  if (progress.bytes_per_second > 0) {
    const double seconds = static_cast<double>(progress.bytes_total - progress.bytes_done) / progress.bytes_per_second;
    // A rate of next to nothing would give more milliseconds than there are.
    progress.left = std::chrono::milliseconds(static_cast<std::int64_t>(std::min(seconds, 1e12) * 1000));
  }
  return progress;
}

}  // namespace roamsync
