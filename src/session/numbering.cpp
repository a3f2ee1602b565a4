#include "session/numbering.hpp"

#include "transaction/history.hpp"

#include <algorithm>

namespace roamsync {

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
  // A number in the history that is not yet the head's is that of a call which died after it had kept the losers of a conflict.
  numbers.next = std::max({numbers.current, last_kept, base.generation}) + 1;
  return numbers;
}

}  // namespace roamsync
