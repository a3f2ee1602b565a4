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
  /// Folders of the history with numbers after the head's and without a head of their own: half of what a process was to keep that
  /// died. (Since they have a temporary name until they are whole there are no more of these; earlier versions left them.)
  std::vector<std::uint64_t> incomplete = {};
};

/// Those of `kept`.
Result<std::vector<std::uint64_t>> incomplete_generations(Store& server, const std::optional<HeadRecord>& head,
                                                          std::span<const std::uint64_t> kept);
/// Under the exclusive lock.
Result<void> remove_incomplete(Store& server, const Numbers& numbers);

/// Usually the head's number and one more. Counted on from the highest that the history and `base` know, where the head is gone
/// or went back in time.
Result<Numbers> numbers_of(Store& server, const std::optional<HeadRecord>& head, const GenerationId& base,
                           bool holds_files);

}  // namespace roamsync
