/// @file
/// Numbering: which number the state on the server has, and which the next one gets. Never one that was given before: the
/// history is kept by number.
#pragma once

#include "session/survey.hpp"

namespace roamsync {

struct Numbers {
  /// Of what is there now: the number under which the history keeps what is replaced. 0: nothing is there.
  std::uint64_t current = 0;
  std::uint64_t next = 1;
};

/// Usually the head's number and one more. Counted on from the highest that the history and `base` know, where the head is gone
/// or went back in time.
Result<Numbers> numbers_of(Store& server, const std::optional<HeadRecord>& head, const GenerationId& base,
                           bool holds_files);

}  // namespace roamsync
