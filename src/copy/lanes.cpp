#include "copy/lanes.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

namespace roamsync {
namespace {

using Work = std::function<Result<void>(std::size_t item, unsigned lane)>;

class Lanes {
 public:
  Lanes(std::size_t count, std::stop_token stop, const Work& work)
      : count_(count), stop_(std::move(stop)), work_(work) {}

  /// What every lane does until nothing is left for it.
  void run(unsigned lane) noexcept {
    // Items are handed out in order, so all below a failed one have been begun; they are waited for, and the lowest
    // failure is the same however the threads were scheduled.
    while (!failed_.load(std::memory_order_relaxed) && !stop_.stop_requested()) {
      const std::size_t item = next_.fetch_add(1, std::memory_order_relaxed);
      if (item >= count_) return;
      try {
        if (auto done = work_(item, lane); !done) fail(item, std::move(done).error(), nullptr);
      } catch (...) {
        fail(item, Errc::cancelled, std::current_exception());
      }
      finished_.fetch_add(1, std::memory_order_relaxed);
    }
  }

  /// After all lanes have ended.
  Result<void> outcome() {
    if (exception_) std::rethrow_exception(exception_);
    if (error_) return *error_;
    if (finished_.load(std::memory_order_relaxed) < count_) return Errc::cancelled;
    return success();
  }

 private:
  void fail(std::size_t item, Error error, std::exception_ptr exception) {
    const std::lock_guard lock(mutex_);
    failed_.store(true, std::memory_order_relaxed);
    if ((error_ || exception_) && item > failed_item_) return;
    failed_item_ = item;
    error_ = std::move(error);
    exception_ = std::move(exception);
  }

  const std::size_t count_;
  const std::stop_token stop_;
  const Work& work_;

  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> finished_ = 0;
  std::atomic<bool> failed_ = false;

  std::mutex mutex_;
  std::size_t failed_item_ = 0;
  std::optional<Error> error_;
  std::exception_ptr exception_;
};

}  // namespace

Result<void> run_in_lanes(std::size_t count, unsigned lanes, std::stop_token stop, const Work& work) {
  Lanes shared(count, std::move(stop), work);
  {
    const auto helpers = static_cast<unsigned>(std::min<std::size_t>(lanes, count));
    std::vector<std::jthread> threads;
    threads.reserve(helpers);
    try {
      for (unsigned lane = 1; lane < helpers; ++lane) threads.emplace_back([&shared, lane] { shared.run(lane); });
    } catch (const std::system_error&) {
      // The system gives no more threads: the lanes there are do the work.
    }
    shared.run(0);
  }
  return shared.outcome();
}

}  // namespace roamsync
