#include "session/kept_generations.hpp"

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

Result<std::uint64_t> number_in_place(Store& server, const std::optional<HeadRecord>& head, const Tree& in_place) {
  if (head) return head->id.generation;
  if (in_place.file_count() == 0) return std::uint64_t{0};
  BOOST_OUTCOME_TRY(const auto kept, kept_generations(server));
  return (kept.empty() ? 0 : kept.back()) + 1;
}

}  // namespace roamsync
