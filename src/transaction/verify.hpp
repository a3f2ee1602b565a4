/// @file
/// Verifying: what was staged is read back and compared with the digest taken when it was written.
#pragma once

#include "transaction/lane_set.hpp"
#include "transaction/layout.hpp"

#include <atomic>

namespace roamsync {

/// The files that do not hold what was written, as indices into `layout.files`: for the caller to stage again or to give up.
Result<std::vector<std::size_t>> verify_staged(Store& target, const Layout& layout, Verify how, LaneSet& lanes,
                                               std::atomic<std::uint64_t>& bytes_verified);
/// The error for one of them.
Error mismatch_of(const Store& target, const FileToStage& file);

}  // namespace roamsync
