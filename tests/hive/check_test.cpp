#include <roamsync/hive_check.hpp>

#include <gtest/gtest.h>

#include <functional>

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

// One change to a sound hive: the rule it breaks and the place that is told.
struct Damage {
  std::string name;
  std::function<std::size_t(Bytes&, const HiveBuilder&)> apply;  // returns the offset of the field
  HiveRule rule;
};

std::size_t set(Bytes& file, std::size_t at, std::uint64_t value, std::size_t size = 4) {
  put_at(file, at, value, size);
  return at;
}

std::vector<Damage> damages() {
  using B = const HiveBuilder&;
  const auto place = [](std::uint32_t cell, std::size_t field) { return HiveBuilder::place(cell, field); };
  const auto alpha = [](B b) { return b.key(u"alpha"); };
  const auto list = [](B b) { return b.field(b.key(u""), 28); };
  const auto long_value = [](B b) { return b.value(u"alpha:Long"); };
  const auto big = [](B b) { return b.field(b.value(u"Beta\\deep:Big"), 8); };
  return {
      {"signature", [](Bytes& f, B) { return set(f, 0, 'r' | ('e' << 8)); }, HiveRule::signature},
      {"major", [](Bytes& f, B) { return set(f, 20, 2); }, HiveRule::version},
      {"nt3", [](Bytes& f, B) { return set(f, 24, 1), std::size_t{20}; }, HiveRule::version},
      {"type", [](Bytes& f, B) { return set(f, 28, 6); }, HiveRule::file_type},
      {"format", [](Bytes& f, B) { return set(f, 32, 2); }, HiveRule::file_format},
      {"clustering", [](Bytes& f, B) { return set(f, 44, 3); }, HiveRule::clustering},
      {"no bins", [](Bytes& f, B) { return set(f, 40, 0); }, HiveRule::bins_size},
      {"odd bins", [](Bytes& f, B) { return set(f, 40, get_at(f, 40) - 512); }, HiveRule::bins_size},
      {"more bins", [](Bytes& f, B) { return set(f, 40, get_at(f, 40) + 4096); }, HiveRule::file_size},
      {"wrapping bins", [](Bytes& f, B) { return set(f, 40, 0xFFFFFFFF); }, HiveRule::file_size},
      {"bin offset", [](Bytes& f, B) { return set(f, 4100, 4096); }, HiveRule::bin_offset},
      {"bin size 0", [](Bytes& f, B) { return set(f, 4104, 0); }, HiveRule::bin_size},
      {"bin size past", [](Bytes& f, B) { return set(f, 4104, 0x80000000); }, HiveRule::bin_size},
      {"cell size 0", [=](Bytes& f, B b) { return set(f, place(alpha(b), 0) - 4, 0); }, HiveRule::cell_size},
      {"cell size min", [=](Bytes& f, B b) { return set(f, place(alpha(b), 0) - 4, 0x80000000); }, HiveRule::cell_size},
      {"cell size past", [=](Bytes& f, B b) { return set(f, place(alpha(b), 0) - 4, 0 - 8192ULL); },
       HiveRule::cell_size},
      {"root nil", [](Bytes& f, B) { return set(f, 36, 0xFFFFFFFF); }, HiveRule::cell_reference},
      {"root odd", [](Bytes& f, B) { return set(f, 36, get_at(f, 36) + 4); }, HiveRule::cell_reference},
      {"root inside a cell", [](Bytes& f, B) { return set(f, 36, get_at(f, 36) + 8); }, HiveRule::cell_reference},
      {"root a value",
       [](Bytes& f, B b) { return set(f, 36, b.value(u":Number")), HiveBuilder::place(b.value(u":Number")); },
       HiveRule::key_signature},
      {"free key",
       [=](Bytes& f, B b) {
         set(f, place(alpha(b), 0) - 4, 0 - get_at(f, place(alpha(b), 0) - 4));
         return place(list(b), 4);
       },
       HiveRule::cell_reference},
      {"key mark", [=](Bytes& f, B b) { return set(f, place(alpha(b), 0), 'x', 1); }, HiveRule::key_signature},
      {"key name past", [=](Bytes& f, B b) { return set(f, place(alpha(b), 72), 500, 2); }, HiveRule::key_name},
      {"key name empty", [=](Bytes& f, B b) { return set(f, place(alpha(b), 72), 0, 2); }, HiveRule::key_name},
      {"key parent", [=](Bytes& f, B b) { return set(f, place(alpha(b), 16), b.key(u"gamma")); }, HiveRule::key_parent},
      {"class past", [=](Bytes& f, B b) { return set(f, place(alpha(b), 48), 0x7FFFFFF0); }, HiveRule::cell_reference},
      {"class long", [=](Bytes& f, B b) { return set(f, place(alpha(b), 74), 60000, 2); }, HiveRule::class_name},
      {"count more", [=](Bytes& f, B b) { return set(f, place(b.key(u"Beta"), 20), 2); }, HiveRule::subkey_count},
      {"count huge", [](Bytes& f, B b) { return set(f, HiveBuilder::place(b.key(u""), 20), 0xFFFFFFFE); },
       HiveRule::subkey_count},
      {"list nil", [=](Bytes& f, B b) { return set(f, place(b.key(u"Beta"), 28), 0xFFFFFFFF); },
       HiveRule::cell_reference},
      {"list mark", [=](Bytes& f, B b) { return set(f, place(list(b), 0), 'x', 1); }, HiveRule::list_signature},
      {"list count", [=](Bytes& f, B b) { return set(f, place(list(b), 2), 0xFFFF, 2); }, HiveRule::list_size},
      {"list order",
       [=](Bytes& f, B b) {
         set(f, place(list(b), 4), b.key(u"Beta"));
         set(f, place(list(b), 12), b.key(u"alpha"));
         return place(list(b), 12);
       },
       HiveRule::list_order},
      {"list twice", [=](Bytes& f, B b) { return set(f, place(list(b), 12), b.key(u"alpha")); }, HiveRule::cell_shared},
      {"circle", [=](Bytes& f, B b) { return set(f, place(b.field(b.key(u"Beta"), 28), 4), b.key(u"")); },
       HiveRule::cell_shared},
      {"values huge", [=](Bytes& f, B b) { return set(f, place(alpha(b), 36), 0x40000001); },
       HiveRule::value_list_size},
      {"value mark", [=](Bytes& f, B b) { return set(f, place(long_value(b), 0), 'x', 1); }, HiveRule::value_signature},
      {"value name", [=](Bytes& f, B b) { return set(f, place(long_value(b), 2), 900, 2); }, HiveRule::value_name},
      {"resident 5", [=](Bytes& f, B b) { return set(f, place(b.value(u":Number"), 4), 0x80000005); },
       HiveRule::value_size},
      {"data long", [=](Bytes& f, B b) { return set(f, place(long_value(b), 4), 300), place(long_value(b), 8); },
       HiveRule::value_size},
      {"data past", [=](Bytes& f, B b) { return set(f, place(long_value(b), 8), 0x7FFFFFF8); },
       HiveRule::cell_reference},
      {"data shared", [=](Bytes& f, B b) { return set(f, place(long_value(b), 8), long_value(b)); },
       HiveRule::cell_shared},
      {"big mark", [=](Bytes& f, B b) { return set(f, place(big(b), 0), 'x', 1); }, HiveRule::big_data_signature},
      {"big count", [=](Bytes& f, B b) { return set(f, place(big(b), 2), 2, 2); }, HiveRule::big_data_segments},
      {"big list", [=](Bytes& f, B b) { return set(f, place(big(b), 4), 0x7FFFFFF8); }, HiveRule::cell_reference},
      {"big itself", [=](Bytes& f, B b) { return set(f, place(b.field(big(b), 4), 4), big(b)); },
       HiveRule::cell_shared},
      {"security nil", [=](Bytes& f, B b) { return set(f, place(alpha(b), 44), 0xFFFFFFFF); },
       HiveRule::cell_reference},
      {"security a key", [=](Bytes& f, B b) { return set(f, place(alpha(b), 44), b.key(u"")); }, HiveRule::cell_shared},
      {"security mark", [=](Bytes& f, B b) { return set(f, place(b.security(0), 0), 'x', 1); },
       HiveRule::security_signature},
      {"security size", [=](Bytes& f, B b) { return set(f, place(b.security(0), 16), 5000); }, HiveRule::security_size},
      {"ring out", [=](Bytes& f, B b) { return set(f, place(b.security(0), 4), 0x7FFFFFF8); },
       HiveRule::cell_reference},
      {"ring back", [=](Bytes& f, B b) { return set(f, place(b.security(0), 4), b.security(0)); },
       HiveRule::security_ring},
      {"descriptor", [=](Bytes& f, B b) { return set(f, place(b.security(0), 20), 2, 1); }, HiveRule::descriptor},
      {"acl size", [=](Bytes& f, B b) { return set(f, place(b.security(0), 20 + 22), 500, 2); }, HiveRule::descriptor},
      {"ace size 0", [=](Bytes& f, B b) { return set(f, place(b.security(0), 20 + 30), 0, 2); }, HiveRule::descriptor},
      {"owner out", [=](Bytes& f, B b) { return set(f, place(b.security(0), 20 + 4), 9999); }, HiveRule::descriptor},
  };
}

TEST(HiveCheck, EveryDamageIsToldByRuleAndOffset) {
  const HiveSpec spec = small_spec();
  const HiveBuilder builder(spec);
  for (const Damage& damage : damages()) {
    SCOPED_TRACE(damage.name);
    Bytes file = builder.file();
    const std::size_t at = damage.apply(file, builder);
    seal(file);
    const Verdict verdict = check_hive(file);
    EXPECT_EQ(HiveState::corrupt, verdict.state) << verdict;
    EXPECT_EQ(rule_name(damage.rule), rule_name(verdict.fault.rule)) << verdict;
    EXPECT_EQ(at, verdict.fault.offset) << verdict;
    EXPECT_FALSE(verdict.fault.expected.empty());
    EXPECT_FALSE(verdict.fault.found.empty());
    EXPECT_FALSE(rule_section(damage.rule).empty());
    EXPECT_EQ(verdict.fault, all_hive_faults(file).front());
  }
}

TEST(HiveCheck, AllFaultsAreFoundInOnePass) {
  const HiveSpec spec = small_spec();
  const HiveBuilder builder(spec);
  Bytes file = builder.file();
  put_at(file, 508, 0, 4);
  put_at(file, HiveBuilder::place(builder.key(u"alpha"), 72), 500, 2);
  put_at(file, HiveBuilder::place(builder.value(u":Number"), 4), 0x80000005, 4);
  put_at(file, HiveBuilder::place(builder.key(u"gamma"), 44), 0xFFFFFFFF, 4);
  std::vector<std::string> rules;
  for (const HiveFault& fault : all_hive_faults(file)) rules.emplace_back(rule_name(fault.rule));
  EXPECT_EQ((std::vector<std::string>{"checksum", "value_size", "key_name", "cell_reference"}), rules);
  EXPECT_EQ(2U, all_hive_faults(file, 2).size());
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
