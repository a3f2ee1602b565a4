// Any bytes as a hive and two logs: replay ends, is bounded, and calls nothing recovered that is not clean.
#include <roamsync/hive_replay.hpp>

#include "fuzz/hive_input.hpp"

using namespace roamsync;
using fuzz::require;

namespace {

void check(std::span<const std::byte> primary, std::span<const std::span<const std::byte>> logs) {
  const Replay replay = replay_hive(primary, logs);
  require(replay.logs.size() == logs.size(), "every log is accounted for");
  std::size_t bound = primary.size();
  for (const auto& log : logs) bound += log.size();
  require(replay.file.size() <= bound, "a hive grows by no more than its logs hold");
  const bool applied = replay.outcome == ReplayOutcome::recovered || replay.outcome == ReplayOutcome::unsound;
  require(applied != replay.file.empty(), "there is a file when logs were applied");
  if (replay.outcome == ReplayOutcome::recovered) {
    require(check_hive(replay.file).state == HiveState::clean, "recovered is clean");
  }
  if (replay.outcome == ReplayOutcome::not_needed) {
    require(!check_hive(primary).left_open, "only a hive left open needs its logs");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto cut = fuzz::pieces(fuzz::bytes_of(data, size), 3);
  const std::span<const std::byte> raw[] = {cut[1], cut[2]};
  check(cut[0], raw);
  const auto first = fuzz::sealed_log(cut[1]);
  const auto second = fuzz::sealed_log(cut[2]);
  const std::span<const std::byte> sealed[] = {first, second};
  check(fuzz::sealed_hive(cut[0]), sealed);
  check(cut[0], sealed);
  return 0;
}
