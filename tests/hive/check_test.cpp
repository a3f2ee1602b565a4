#include <roamsync/hive_check.hpp>

#include <gtest/gtest.h>

#include "support/hive_builder.hpp"

namespace roamsync {
namespace {

using namespace roamsync::testing;

KeySpec small_tree() {
  return {.name = u"ROOT",
          .values = {text_value(u"", u"default"), number_value(u"Number", 7)},
          .subkeys = {{.name = u"alpha", .values = {binary_value(u"Long", 100)}, .class_name = u"Shell"},
                      {.name = u"Beta", .subkeys = {{.name = u"deep", .values = {binary_value(u"Big", 40000)}}}},
                      {.name = u"gamma", .security = 1}}};
}
HiveSpec small_spec() { return {.root = small_tree(), .securities = {plain_descriptor(), plain_descriptor(0x20019)}}; }

TEST(HiveCheck, SoundHivesOfEveryShapeAreClean) {
  for (const std::uint32_t minor : {3U, 4U, 5U, 6U}) {
    for (const ListKind lists : {ListKind::by_version, ListKind::li, ListKind::lf, ListKind::lh}) {
      for (const std::size_t list_max : {1U, 2U, 507U}) {
        HiveSpec spec = small_spec();
        spec.minor = minor;
        spec.lists = lists;
        spec.list_max = list_max;
        spec.utf16_names = list_max == 2;
        spec.free_after_key = 300;
        spec.free_tail = 9000;
        spec.slack = 77;
        const HiveInspection seen = inspect_hive(build_hive(spec));
        EXPECT_EQ(HiveState::clean, seen.verdict.state) << seen.verdict;
        EXPECT_EQ(5U, seen.info.keys);
        EXPECT_EQ(4U, seen.info.values);
        EXPECT_EQ("ROOT", seen.info.root_name);
        EXPECT_EQ("1." + std::to_string(minor), seen.info.version());
      }
    }
  }
}

TEST(HiveCheck, NewestKeyTimeIsThatOfTheNewestKey) {
  HiveSpec spec = small_spec();
  spec.root.subkeys[1].subkeys[0].time = 140'000'000'000'000'000;
  EXPECT_EQ(140'000'000'000'000'000, inspect_hive(build_hive(spec)).info.newest_key_time.ticks);
}

TEST(HiveCheck, HiveLeftOpenIsDirty) {
  for (const auto& [primary, secondary] : {std::pair{2U, 1U}, {1U, 4U}, {0U, 0xFFFFFFFFU}}) {
    HiveSpec spec = small_spec();
    spec.primary = primary;
    spec.secondary = secondary;
    const Verdict verdict = check_hive(build_hive(spec));
    EXPECT_EQ(HiveState::dirty, verdict.state) << verdict;
    EXPECT_TRUE(verdict.left_open);
    EXPECT_EQ(HiveRule::sequence_numbers, verdict.fault.rule);
  }
}

TEST(HiveCheck, HiveLeftOpenWithBrokenHeaderIsStillDirty) {
  HiveSpec spec = small_spec();
  spec.primary = 2;
  Bytes file = build_hive(spec);
  file[60] ^= std::byte{1};
  const Verdict verdict = check_hive(file);
  EXPECT_EQ(HiveState::dirty, verdict.state) << verdict;
  EXPECT_EQ(HiveRule::checksum, verdict.fault.rule);
}

TEST(HiveCheck, DamageInHiveLeftOpenIsCorruptAndTold) {
  HiveSpec spec = small_spec();
  spec.primary = 2;
  Bytes file = build_hive(spec);
  file[4096] = std::byte{'g'};
  const Verdict verdict = check_hive(file);
  EXPECT_EQ(HiveState::corrupt, verdict.state);
  EXPECT_EQ(HiveRule::bin_signature, verdict.fault.rule);
  EXPECT_TRUE(verdict.left_open);
}

TEST(HiveCheck, SpecialChecksumsAreStoredAsWindowsStoresThem) {
  for (const std::uint32_t sum : {0U, 0xFFFFFFFFU}) {
    Bytes file = build_hive(small_spec());
    std::uint32_t present = 0;
    for (std::size_t at = 0; at < 508; at += 4) present ^= get_at(file, at);
    put_at(file, 120, get_at(file, 120) ^ present ^ sum, 4);  // now the XOR is `sum`
    put_at(file, 508, sum, 4);
    EXPECT_EQ(HiveRule::checksum, check_hive(file).fault.rule);
    put_at(file, 508, sum == 0 ? 1 : 0xFFFFFFFE, 4);
    EXPECT_EQ(HiveState::clean, check_hive(file).state);
  }
}

TEST(HiveCheck, TruncatedFileIsCorruptWhereverItIsCut) {
  const Bytes file = build_hive(small_spec());
  for (std::size_t size = 0; size < file.size(); ++size) {
    const Verdict verdict = check_hive(std::span(file).first(size));
    ASSERT_EQ(HiveState::corrupt, verdict.state) << size;
    ASSERT_EQ(HiveRule::file_size, verdict.fault.rule) << size;
  }
}

KeySpec chain(std::size_t depth) {
  KeySpec key{.name = u"x"};
  for (; depth > 1; --depth) {
    KeySpec above{.name = u"x"};
    above.subkeys.push_back(std::move(key));
    key = std::move(above);
  }
  return key;
}

TEST(HiveCheck, DepthIsLimitedTo512Levels) {
  EXPECT_EQ(HiveState::clean, check_hive(build_hive({.root = chain(512)})).state);
  EXPECT_EQ(HiveRule::key_depth, check_hive(build_hive({.root = chain(513)})).fault.rule);
}

// D801 DC10 before FF21 by units, behind it by code points; sharp s has no upper case of one unit.
TEST(HiveCheck, OrderIsByUpperCasedUnits) {
  const HiveSpec spec{.root = {.name = u"R",
                               .subkeys = {{.name = u"\xFF21"},
                                           {.name = u"\xD801\xDC10"},
                                           {.name = u"stra\u00DFe"},
                                           {.name = u"STRASSE"},
                                           {.name = u"\xD800"}}}};
  EXPECT_EQ(HiveState::clean, check_hive(build_hive(spec)).state);
}

TEST(HiveCheck, NamesThatDifferOnlyInCaseAreOneName) {
  const HiveSpec spec{.root = {.name = u"R", .subkeys = {{.name = u"Same"}, {.name = u"sAME"}}}};
  EXPECT_EQ(HiveRule::list_order, check_hive(build_hive(spec)).fault.rule);
}

TEST(HiveCheck, BigDataBeginsAboveOneSegmentFromVersion4On) {
  for (const std::uint32_t minor : {3U, 5U}) {
    for (const std::size_t size : {16343U, 16344U, 16345U, 32688U, 32689U, 1000000U}) {
      const HiveSpec spec{.minor = minor, .root = {.name = u"R", .values = {binary_value(u"v", size)}}};
      EXPECT_EQ(HiveState::clean, check_hive(build_hive(spec)).state) << minor << ' ' << size;
    }
  }
}

TEST(HiveCheck, UnusedAllocatedCellsAndReferenceCountsDoNotMatter) {
  const HiveSpec spec = small_spec();
  const HiveBuilder builder(spec);
  Bytes file = builder.file();
  put_at(file, HiveBuilder::place(builder.security(0), 12), 0, 4);
  put_at(file, HiveBuilder::place(builder.key(u""), 36), 0, 4);  // drops both values
  const HiveInspection seen = inspect_hive(file);
  EXPECT_EQ(HiveState::clean, seen.verdict.state) << seen.verdict;
  EXPECT_EQ(2U, seen.info.values);
}

// Whatever one byte becomes, the check ends, and "all faults" agrees with the verdict.
TEST(HiveCheck, EndsOnAnyChangedByte) {
  HiveSpec spec = small_spec();
  spec.root.subkeys[1].subkeys[0].values.clear();  // a small file: every byte gets its turn
  const Bytes sound = build_hive(spec);
  for (std::size_t at = 0; at < sound.size(); ++at) {
    for (const std::byte value : {std::byte{0}, std::byte{0x7F}, std::byte{0xFF}}) {
      Bytes file = sound;
      file[at] = value;
      const Verdict verdict = check_hive(file);
      ASSERT_EQ(verdict.state == HiveState::clean, verdict.fault.rule == HiveRule::none) << at;
      ASSERT_EQ(verdict.state == HiveState::clean, all_hive_faults(file).empty()) << at;
    }
  }
}

}  // namespace
}  // namespace roamsync
