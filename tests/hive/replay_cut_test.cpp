// Every kind of log, cut at every byte: what comes out is one of the states that were, or nothing and the hive as it was.
#include <roamsync/hive_replay.hpp>

#include <gtest/gtest.h>

#include <algorithm>

#include "support/log_builder.hpp"

namespace roamsync {
namespace {

using namespace roamsync::testing;

// Three states of one small hive, the last a bin longer, and the first as it was left open with number 10.
class HiveReplayCut : public ::testing::Test {
 protected:
  HiveReplayCut() {
    HiveSpec spec{.root = {.name = u"ROOT",
                           .values = {number_value(u"State", 0)},
                           .subkeys = {{.name = u"Other", .values = {binary_value(u"b", 6000)}}}}};
    for (std::uint32_t state = 0; state < 3; ++state) {
      put_at(spec.root.values[0].data, 0, state, 4);
      if (state == 2) spec.free_tail = 4096 - 32;
      states_.push_back(build_hive(spec));
    }
    dirty_ = left_open(states_[0], 10);
    broken_ = dirty_;
    broken_[60] ^= std::byte{1};
  }

  EntrySpec entry(std::uint32_t to) const { return entry_between(states_[to - 1], states_[to], 10 + to - 1); }
  bool was_a_state(const std::vector<std::byte>& file) const {
    return std::ranges::any_of(states_, [&](const Bytes& state) {
      return state.size() == file.size() && std::equal(state.begin() + 4096, state.end(), file.begin() + 4096);
    });
  }

  // Cuts each of `logs` in turn, the others whole. Returns how often something was recovered.
  std::size_t cut_each(const Bytes& primary, const std::vector<Bytes>& logs, std::size_t step = 1) const {
    std::size_t recovered = 0;
    const Verdict before = check_hive(primary);
    for (std::size_t which = 0; which < logs.size(); ++which) {
      std::vector<std::span<const std::byte>> views(logs.begin(), logs.end());
      for (std::size_t size = 0; size <= logs[which].size(); size += step) {
        views[which] = std::span(logs[which]).first(size);
        const Replay seen = replay_hive(primary, views);
        if (seen.outcome == ReplayOutcome::refused) {
          EXPECT_EQ(before.message(), seen.verdict.message());
          EXPECT_TRUE(seen.file.empty());
          continue;
        }
        EXPECT_EQ(ReplayOutcome::recovered, seen.outcome) << which << " cut at " << size << ": " << seen;
        EXPECT_EQ(HiveState::clean, check_hive(seen.file).state);
        EXPECT_TRUE(was_a_state(seen.file)) << which << " cut at " << size;
        if (HasFailure()) return recovered;
        ++recovered;
      }
    }
    return recovered;
  }

  std::vector<Bytes> states_;
  Bytes dirty_, broken_;
};

TEST_F(HiveReplayCut, OneLogOfEntries) {
  const Bytes log = entry_log(states_[0], {entry(1), entry(2)});
  const std::size_t first_ends = 512 + get_at(log, 512 + 4);
  EXPECT_EQ(log.size() - first_ends + 1, cut_each(dirty_, {log})) << "each byte from the end of the first entry on";
}

TEST_F(HiveReplayCut, TwoLogsOfEntries) {
  const Bytes first = entry_log(states_[0], {entry(1)});
  const Bytes second = entry_log(states_[1], {entry(2)});
  EXPECT_LT(second.size(), cut_each(dirty_, {first, second}));
}

// Without the first log's entry the second would be put on a state it was not made for.
TEST_F(HiveReplayCut, SecondLogWaitsForAnEntryThatTheFirstAnnounces) {
  Bytes first = entry_log(states_[0], {entry(1)});
  first.resize(first.size() - 512);
  const Bytes second = entry_log(states_[1], {entry(2)});
  for (const auto& logs : {std::vector{first, second}, {second, first}}) {
    const Replay seen = replay_hive(dirty_, std::vector<std::span<const std::byte>>(logs.begin(), logs.end()));
    EXPECT_EQ(ReplayOutcome::refused, seen.outcome) << seen;
    EXPECT_NE(std::string::npos, seen.message().find("entry 10")) << seen;
  }
  // What it announces has been written back already: nothing is missing.
  const std::span<const std::byte> logs[] = {first, second};
  EXPECT_EQ(ReplayOutcome::recovered, replay_hive(left_open(states_[1], 11), logs).outcome);
}

TEST_F(HiveReplayCut, LogThatBringsTheHeader) {
  EXPECT_LT(512U, cut_each(broken_, {entry_log(states_[0], {entry(1), entry(2)})}));
}

// All or nothing.
TEST_F(HiveReplayCut, LogOfSectors) {
  for (const Bytes* primary : {&dirty_, &broken_}) {
    EXPECT_EQ(1U, cut_each(*primary, {sector_log(states_[0], states_[2], 11)}));
  }
}

TEST_F(HiveReplayCut, LogOfSectorsWithALongBitmap) {
  HiveSpec spec{.root = {.name = u"R", .values = {number_value(u"n", 1)}}, .free_tail = 3U << 20};
  const Bytes before = build_hive(spec);
  spec.root.values = {number_value(u"n", 2)};
  states_ = {before, build_hive(spec)};
  const Bytes log = sector_log(before, states_[1], 6);
  // A prime, so that cuts fall everywhere; and the last byte.
  EXPECT_EQ(0U, cut_each(left_open(before, 5), {Bytes(log.begin(), log.end() - 1)}, 29));
  EXPECT_EQ(1U, cut_each(left_open(before, 5), {log}, log.size()));
}

TEST_F(HiveReplayCut, SectorsBesideEntries) {
  const std::vector<Bytes> logs{entry_log(states_[0], {entry(1)}), sector_log(states_[0], states_[2], 11)};
  EXPECT_LT(logs[0].size() + logs[1].size(), cut_each(dirty_, logs)) << "one of them is always whole";
}

}  // namespace
}  // namespace roamsync
