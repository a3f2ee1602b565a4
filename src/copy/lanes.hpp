/// @file
/// Lanes: a handful of threads that take the items of a fixed list, each doing blocking calls on stores that are safe to
/// call from several. What is done is decided before; lanes change only when bytes move.
#pragma once

#include <roamsync/error.hpp>

#include <cstddef>
#include <functional>
#include <stop_token>

namespace roamsync {

/// Calls `work(item, lane)` for every item in 0..count, items handed out in order, lane < lanes. With one lane everything
/// runs on the calling thread in order. The first failure (that of the lowest item, so that it is the same every time)
/// stops the rest and is returned; a stop request gives Errc::cancelled.
Result<void> run_in_lanes(std::size_t count, unsigned lanes, std::stop_token stop,
                          const std::function<Result<void>(std::size_t item, unsigned lane)>& work);

}  // namespace roamsync
