/// @file
/// LaneSet: the lanes of one transaction with a buffer each, made once and used by staging, verifying and checking.
#pragma once

#include "copy/copy.hpp"
#include "copy/lanes.hpp"

#include <algorithm>
#include <stop_token>
#include <vector>

namespace roamsync {

class LaneSet {
 public:
  explicit LaneSet(unsigned lanes, std::stop_token stop = {})
      : lanes_(std::max(1U, lanes)), stop_(std::move(stop)), buffers_(CopyBuffer::several(lanes_)) {}

  /// Calls `work(item, buffer)` for every item in 0..count; ends early when asked to stop.
  template <class Work>
  Result<void> run(std::size_t count, const Work& work) {
    return run_in_lanes(count, lanes_, stop_,
                        [&](std::size_t item, unsigned lane) -> Result<void> { return work(item, buffers_[lane]); });
  }
  /// The same for what must not be left half done: asked to stop or not.
  template <class Work>
  Result<void> run_to_the_end(std::size_t count, const Work& work) {
    return run_in_lanes(count, lanes_, {},
                        [&](std::size_t item, unsigned lane) -> Result<void> { return work(item, buffers_[lane]); });
  }
  unsigned lanes() const noexcept { return lanes_; }
  const std::stop_token& stop() const noexcept { return stop_; }
  CopyBuffer& buffer() noexcept { return buffers_.front(); }

 private:
  unsigned lanes_;
  std::stop_token stop_;
  std::vector<CopyBuffer> buffers_;
};

}  // namespace roamsync
