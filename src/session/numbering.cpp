#include "session/numbering.hpp"

#include "transaction/history.hpp"

#include <algorithm>

namespace roamsync {

Result<std::vector<std::uint64_t>> incomplete_generations(Store& server, const std::optional<HeadRecord>& head,
                                                          std::span<const std::uint64_t> kept) {
  std::vector<std::uint64_t> incomplete;
  if (!head) return incomplete;
  for (const std::uint64_t generation : kept) {
    if (generation <= head->id.generation) continue;
    BOOST_OUTCOME_TRY(const auto own, server.stat(history_folder(generation).child_unchecked(history_head_name)));
    if (!own) incomplete.push_back(generation);
  }
  return incomplete;
}

Result<void> remove_incomplete(Store& server, const Numbers& numbers) {
  for (const std::uint64_t generation : numbers.incomplete) {
    BOOST_OUTCOME_TRYV(remove_tree(server, history_folder(generation)));
  }
  return success();
}

Result<Numbers> numbers_of(Store& server, const std::optional<HeadRecord>& head, const GenerationId& base,
                           bool holds_files) {
  BOOST_OUTCOME_TRY(const auto kept, kept_generations({server, server_records()}));
  const std::uint64_t last_kept = kept.empty() ? 0 : kept.back();
  Numbers numbers;
  if (head) {
    numbers.current = head->id.generation;
  } else if (holds_files) {
    // What lies there without a record may be lost to this publish like anything else.
    numbers.current = std::max(last_kept + 1, base.generation);
  }
  // Where the server went back in time, what is newer than its head is history all the same.
  if (!head || base.generation <= head->id.generation) {
    BOOST_OUTCOME_TRY(numbers.incomplete, incomplete_generations(server, head, kept));
  }
  // A number in the history that is not yet the head's is that of a call which died after it had kept the losers of a conflict.
  numbers.next = std::max({numbers.current, last_kept, base.generation}) + 1;
  return numbers;
}

}  // namespace roamsync
