#include <roamsync/hive_replay.hpp>

#include <gtest/gtest.h>

#include <string_view>

#include "support/log_builder.hpp"

namespace roamsync {
namespace {

using namespace roamsync::testing;

Replay replay(const Bytes& primary, const std::vector<Bytes>& logs) {
  const std::vector<std::span<const std::byte>> views(logs.begin(), logs.end());
  return replay_hive(primary, views);
}
Bytes bins(const Bytes& file) { return {file.begin() + 4096, file.end()}; }

// Four states of one hive; the last is a bin longer. Numbers 10 to 13.
class HiveReplay : public ::testing::Test {
 protected:
  HiveReplay() {
    HiveSpec spec{.root = {.name = u"ROOT",
                           .subkeys = {{.name = u"Key", .values = {number_value(u"State", 0)}},
                                       {.name = u"Other", .values = {binary_value(u"b", 5000)}}}}};
    for (std::uint32_t state = 0; state < 4; ++state) {
      put_at(spec.root.subkeys[0].values[0].data, 0, state, 4);
      if (state == 3) spec.free_tail = 4096 - 32;
      states_.push_back(build_hive(spec));
    }
    dirty_ = left_open(states_[0], 10);
  }

  EntrySpec entry(std::size_t to) const {
    return entry_between(states_[to - 1], states_[to], static_cast<std::uint32_t>(10 + to - 1));
  }

  std::vector<Bytes> states_;
  Bytes dirty_;
};

TEST_F(HiveReplay, ClosedHiveNeedsNoLogs) {
  const Replay seen = replay(states_[0], {entry_log(states_[0], {entry(1)})});
  EXPECT_EQ(ReplayOutcome::not_needed, seen.outcome);
  EXPECT_TRUE(seen.file.empty());
  EXPECT_EQ(HiveState::clean, seen.verdict.state);
}

TEST_F(HiveReplay, WithoutLogsTheHiveStaysDirty) {
  for (const std::vector<Bytes>& logs : {std::vector<Bytes>{}, {Bytes{}}, {Bytes(100)}, {Bytes(512)}, {states_[1]}}) {
    const Replay seen = replay(dirty_, logs);
    EXPECT_EQ(ReplayOutcome::refused, seen.outcome) << seen;
    EXPECT_EQ(HiveState::dirty, seen.verdict.state);
    EXPECT_TRUE(seen.file.empty());
  }
}

TEST_F(HiveReplay, AppliesEntriesOfBothLogsWhicheverHoldsTheEarlier) {
  const Bytes first = entry_log(states_[0], {entry(1)});
  const Bytes second = entry_log(states_[1], {entry(2), entry(3)});
  for (const auto& logs : {std::vector{first, second}, {second, first}, {Bytes{}, second, first}}) {
    const Replay seen = replay(dirty_, logs);
    ASSERT_EQ(ReplayOutcome::recovered, seen.outcome) << seen;
    EXPECT_EQ(12U, seen.sequence);
    EXPECT_EQ(bins(states_[3]), bins(seen.file));
    EXPECT_EQ(HiveState::clean, seen.verdict.state);
    EXPECT_EQ(LogFormat::entries, seen.format);
  }
}

TEST_F(HiveReplay, EntriesAlreadyWrittenBackAreSkipped) {
  const Bytes log = entry_log(states_[0], {entry(1), entry(2)});
  const Replay seen = replay(left_open(states_[1], 11), {log});
  ASSERT_EQ(ReplayOutcome::recovered, seen.outcome) << seen;
  EXPECT_EQ(1U, seen.logs[0].entries);
  EXPECT_EQ(bins(states_[2]), bins(seen.file));
  EXPECT_EQ(ReplayOutcome::refused, replay(left_open(states_[3], 20), {log}).outcome);
}

// Windows writes data back without touching the header: "partial reconcile".
TEST_F(HiveReplay, FirstEntryMayBeAboveTheSecondaryNumber) {
  const Replay seen = replay(left_open(states_[1], 3), {entry_log(states_[1], {entry(2)})});
  ASSERT_EQ(ReplayOutcome::recovered, seen.outcome) << seen;
  EXPECT_EQ(bins(states_[2]), bins(seen.file));
}

TEST_F(HiveReplay, NumbersWrapAround) {
  EntrySpec last = entry(1);
  EntrySpec next = entry(2);
  last.number = 0xFFFFFFFF;
  next.number = 0;
  const Replay seen = replay(left_open(states_[0], 0xFFFFFFFF), {entry_log(states_[0], {last, next})});
  ASSERT_EQ(ReplayOutcome::recovered, seen.outcome) << seen;
  EXPECT_EQ(0U, seen.sequence);
  EXPECT_EQ(2U, seen.logs[0].entries);
}

TEST_F(HiveReplay, StopsBeforeTheFirstEntryInDoubt) {
  const Bytes log = entry_log(states_[0], {entry(1), entry(2)});
  const std::size_t second = 512 + get_at(log, 512 + 4);
  const auto expect_first_only = [&](Bytes damaged, const char* what) {
    SCOPED_TRACE(what);
    const Replay seen = replay(dirty_, {damaged});
    ASSERT_EQ(ReplayOutcome::recovered, seen.outcome) << seen;
    EXPECT_EQ(bins(states_[1]), bins(seen.file));
    EXPECT_FALSE(seen.logs[0].why.empty());
  };
  const auto changed = [&](std::size_t at, std::uint64_t value, bool rehash) {
    Bytes copy = log;
    put_at(copy, at, value, 4);
    if (rehash) hash_entry(std::span(copy).subspan(second));
    return copy;
  };
  expect_first_only(changed(second, 0x4C4C4C4C, true), "signature");
  expect_first_only(changed(second + 12, 15, true), "a number is missing");
  expect_first_only(changed(second + 12, 9, true), "an older entry");
  expect_first_only(changed(second + 16, 5000, true), "bins size");
  expect_first_only(changed(second + 20, 0x20000000, true), "page count");
  expect_first_only(changed(second + 40, 0x7FFFF000, true), "a page far out");
  expect_first_only(changed(second + 44, 0x10000000, true), "a long page");
  expect_first_only(changed(second + 4, 0, false), "size 0");
  expect_first_only(changed(second + 4, 0xFFFFFE00, false), "size past the log");
  expect_first_only(changed(second + 60, 1, false), "hash 1");
  expect_first_only(changed(second + 8, 1, false), "hash 2");
}

TEST_F(HiveReplay, GrowthIsBoundedByWhatTheLogsHold) {
  EntrySpec huge = entry(1);
  huge.bins_size = 0xFFFFF000;
  const Replay seen = replay(dirty_, {entry_log(states_[0], {huge})});
  EXPECT_EQ(ReplayOutcome::refused, seen.outcome) << seen;
}

TEST_F(HiveReplay, LogWithUnusableBaseBlockIsRefused) {
  const Bytes log = entry_log(states_[0], {entry(1)});
  for (const auto& [at, value, sealed] :
       {std::tuple{4U, 99U, true}, {28U, 0U, true}, {60U, 5U, false}, {0U, 0U, true}}) {
    Bytes damaged = log;
    put_at(damaged, at, value, 4);
    if (sealed) seal(damaged);
    EXPECT_EQ(ReplayOutcome::refused, replay(dirty_, {damaged}).outcome) << at;
  }
}

TEST_F(HiveReplay, BrokenHeaderComesFromTheLogWithTheLatestEntries) {
  Bytes broken = states_[1];
  for (std::size_t at = 0; at < 512; ++at) broken[at] = std::byte{0x5A};
  const Replay seen = replay(broken, {entry_log(states_[0], {entry(1)}), entry_log(states_[1], {entry(2), entry(3)})});
  ASSERT_EQ(ReplayOutcome::recovered, seen.outcome) << seen;
  EXPECT_TRUE(seen.header_from_log);
  EXPECT_FALSE(seen.logs[0].used);
  EXPECT_EQ(bins(states_[3]), bins(seen.file));
  EXPECT_EQ(0U, get_at(seen.file, 28));
}

TEST_F(HiveReplay, ResultThatIsNoSoundTreeIsNotCalledRecovered) {
  EntrySpec bad = entry(1);
  bad.pages.front().second[0] = std::byte{'x'};  // the bin's own mark
  const Replay seen = replay(dirty_, {entry_log(states_[0], {bad})});
  EXPECT_EQ(ReplayOutcome::unsound, seen.outcome);
  EXPECT_EQ(HiveRule::bin_signature, seen.verdict.fault.rule);
}

TEST_F(HiveReplay, SectorLogIsApplied) {
  const Replay seen = replay(dirty_, {sector_log(states_[0], states_[3], 11)});
  ASSERT_EQ(ReplayOutcome::recovered, seen.outcome) << seen;
  EXPECT_EQ(LogFormat::sectors, seen.format);
  EXPECT_EQ(11U, seen.sequence);
  EXPECT_EQ(bins(states_[3]), bins(seen.file));
}

TEST_F(HiveReplay, SectorLogWithLongBitmapFindsItsPages) {
  const HiveSpec small{.root = {.name = u"R", .values = {number_value(u"n", 1)}}, .free_tail = 3U << 20};
  HiveSpec changed = small;
  changed.root.values = {number_value(u"n", 2)};
  const Bytes before = build_hive(small);
  const Bytes after = build_hive(changed);
  const Replay seen = replay(left_open(before, 5), {sector_log(before, after, 6)});
  ASSERT_EQ(ReplayOutcome::recovered, seen.outcome) << seen;
  EXPECT_EQ(bins(after), bins(seen.file));
}

TEST_F(HiveReplay, SectorLogOfAnotherTimeIsNotThisHives) {
  Bytes log = sector_log(states_[0], states_[1], 11);
  put_at(log, 12, 1, 8);
  seal(log);
  const Replay seen = replay(dirty_, {log});
  EXPECT_EQ(ReplayOutcome::refused, seen.outcome);
  EXPECT_NE(std::string_view::npos, seen.message().find("time"));
}

TEST_F(HiveReplay, SectorLogFitsABrokenHeaderByTheFirstBinsTime) {
  Bytes broken = dirty_;
  broken[60] ^= std::byte{1};
  EXPECT_EQ(ReplayOutcome::recovered, replay(broken, {sector_log(states_[0], states_[1], 11)}).outcome);
  put_at(broken, 4096 + 20, 77, 8);
  EXPECT_EQ(ReplayOutcome::refused, replay(broken, {sector_log(states_[0], states_[1], 11)}).outcome);
}

TEST_F(HiveReplay, LaterOfTwoSectorLogsIsUsed) {
  const std::vector<Bytes> logs{sector_log(states_[0], states_[2], 12), sector_log(states_[0], states_[1], 11)};
  const Replay seen = replay(dirty_, logs);
  ASSERT_EQ(ReplayOutcome::recovered, seen.outcome);
  EXPECT_EQ(bins(states_[2]), bins(seen.file));
}

// Only one log can have written the header that is broken: the one that goes furthest, wherever it begins.
TEST_F(HiveReplay, BrokenHeaderComesFromTheLogThatGoesFurthest) {
  Bytes broken = dirty_;
  broken[60] ^= std::byte{1};
  const Bytes longer = entry_log(states_[0], {entry(1), entry(2), entry(3)});
  const Bytes later = entry_log(states_[1], {entry(2)});
  for (const auto& logs : {std::vector{longer, later}, {later, longer}}) {
    const Replay seen = replay(broken, logs);
    ASSERT_EQ(ReplayOutcome::recovered, seen.outcome) << seen;
    EXPECT_TRUE(seen.header_from_log);
    EXPECT_EQ(bins(states_[3]), bins(seen.file));
    EXPECT_EQ(1, seen.logs[0].used + seen.logs[1].used);
  }
}

TEST_F(HiveReplay, LogWithAnyByteChangedGivesAStateThatWasOrNothing) {
  const Bytes log = entry_log(states_[0], {entry(1), entry(2)});
  for (std::size_t at = 0; at < log.size(); at += 7) {
    Bytes damaged = log;
    damaged[at] ^= std::byte{0x10};
    const Replay seen = replay(dirty_, {damaged});
    if (seen.outcome == ReplayOutcome::refused) continue;
    ASSERT_EQ(ReplayOutcome::recovered, seen.outcome) << at;
    ASSERT_TRUE(bins(seen.file) == bins(states_[1]) || bins(seen.file) == bins(states_[2])) << at;
  }
}

}  // namespace
}  // namespace roamsync
