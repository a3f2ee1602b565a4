#include "session/numbering.hpp"

#include <algorithm>
#include <charconv>

namespace roamsync {
namespace {

std::optional<std::uint64_t> generation_of(std::string_view name) {
  std::uint64_t generation = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), generation);
  if (error != std::errc() || end != name.data() + name.size() || generation == 0) return std::nullopt;
  return generation;
}

}  // namespace

Result<std::vector<std::uint64_t>> kept_generations(Store& server) {
  std::vector<std::uint64_t> generations;
  auto listing = server.list(server_records().child_unchecked(history_name));
  if (!listing && listing.error().code() == std::errc::no_such_file_or_directory) return generations;
  BOOST_OUTCOME_TRY(const Listing folders, std::move(listing));
  for (const Entry& entry : folders.entries) {
    const auto generation = generation_of(entry.path.name());
    if (entry.is_directory() && generation) generations.push_back(*generation);
  }
  std::sort(generations.begin(), generations.end());
  return generations;
}

Result<Numbers> numbers_of(Store& server, const std::optional<HeadRecord>& head, const GenerationId& base,
                           bool holds_files) {
  BOOST_OUTCOME_TRY(const auto kept, kept_generations(server));
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
