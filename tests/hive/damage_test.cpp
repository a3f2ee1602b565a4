// Every rule of the strict check: a change to a sound hive that breaks it, and where that is told.
#include <roamsync/hive_check.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <set>

#include "support/hive_builder.hpp"

namespace roamsync {
namespace {

using namespace roamsync::testing;

HiveSpec spec_to_damage() {
  return {
      .root = {.name = u"ROOT",
               .values = {text_value(u"", u"default"), number_value(u"Number", 7)},
               .subkeys = {{.name = u"alpha", .values = {binary_value(u"Long", 100)}, .class_name = u"Shell"},
                           {.name = u"Beta", .subkeys = {{.name = u"deep", .values = {binary_value(u"Big", 40000)}}}},
                           {.name = u"gamma", .security = 1}}},
      .securities = {plain_descriptor(), plain_descriptor(0x20019)}};
}
// The same with its subkeys under an `ri`.
HiveSpec split_spec() {
  HiveSpec spec = spec_to_damage();
  spec.list_max = 2;
  return spec;
}

// One change to a sound hive: the rule it breaks and the place that is told.
struct Damage {
  std::string name;
  std::function<std::size_t(Bytes&, const HiveBuilder&)> apply;  // returns the offset of the field
  HiveRule rule;
  bool split = false;
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
      {"file size", [](Bytes& f, B) { return f.resize(f.size() - 1), std::size_t{40}; }, HiveRule::file_size},
      {"bin mark", [](Bytes& f, B) { return set(f, 4096, 'x', 1); }, HiveRule::bin_signature},
      {"bin mark and size", [](Bytes& f, B) { return set(f, 4096, 'x', 1), set(f, 4104, 5), std::size_t{4096}; },
       HiveRule::bin_signature},
      {"bin size odd", [](Bytes& f, B) { return set(f, 4104, 4097); }, HiveRule::bin_size},
      {"cell size odd", [=](Bytes& f, B b) { return set(f, place(alpha(b), 0) - 4, 0 - 93ULL); }, HiveRule::cell_size},
      {"key cut short",
       [=](Bytes& f, B b) {
         const std::uint32_t cell = b.field(alpha(b), 48);  // its class name: a cell far too short for a key
         set(f, place(cell, 0), 'n' | ('k' << 8), 2);
         set(f, place(list(b), 4), cell);
         return place(cell, 0);
       },
       HiveRule::key_size},
      {"key name odd", [=](Bytes& f, B b) { return set(f, place(alpha(b), 2), 0, 2), place(alpha(b), 72); },
       HiveRule::key_name},
      {"class odd", [=](Bytes& f, B b) { return set(f, place(alpha(b), 74), 9, 2); }, HiveRule::class_name},
      {"class shared",
       [=](Bytes& f, B b) {
         set(f, place(alpha(b), 74), 4, 2);
         return set(f, place(alpha(b), 48), b.field(alpha(b), 40)), place(alpha(b), 40);
       },
       HiveRule::cell_shared},
      {"count less", [](Bytes& f, B b) { return set(f, HiveBuilder::place(b.key(u""), 20), 2); },
       HiveRule::subkey_count},
      {"ri in a leaf's place",
       [=](Bytes& f, B b) {
         return set(f, place(list(b), 0), 'r' | ('i' << 8), 2), HiveBuilder::place(b.key(u"alpha"));
       },
       HiveRule::list_signature},
      {"ri under ri", [=](Bytes& f, B b) { return set(f, place(b.field(list(b), 4), 0), 'r' | ('i' << 8), 2); },
       HiveRule::list_signature, true},
      {"ri too long", [=](Bytes& f, B b) { return set(f, place(list(b), 2), 9, 2); }, HiveRule::list_size, true},
      {"ri out", [=](Bytes& f, B b) { return set(f, place(list(b), 8), 0x7FFFFFF8); }, HiveRule::cell_reference, true},
      {"ri twice the same", [=](Bytes& f, B b) { return set(f, place(list(b), 8), b.field(list(b), 4)); },
       HiveRule::cell_shared, true},
      {"ri out of order",
       [=](Bytes& f, B b) {
         set(f, place(list(b), 4), b.field(list(b), 8));
         set(f, place(list(b), 8), b.field(list(b), 4));
         return place(b.field(list(b), 4), 4);
       },
       HiveRule::list_order, true},
      {"value list out", [=](Bytes& f, B b) { return set(f, place(alpha(b), 40), 0x7FFFFFF8); },
       HiveRule::cell_reference},
      {"value name odd",
       [=](Bytes& f, B b) {
         set(f, place(long_value(b), 16), 0, 2);
         return set(f, place(long_value(b), 2), 3, 2);
       },
       HiveRule::value_name},
      {"no data in a cell", [=](Bytes& f, B b) { return set(f, place(long_value(b), 4), 0), place(long_value(b), 8); },
       HiveRule::value_size},
      {"big segment shared", [=](Bytes& f, B b) { return set(f, place(b.field(big(b), 4), 4), b.field(alpha(b), 48)); },
       HiveRule::cell_shared},
      {"big segment short",
       [=](Bytes& f, B b) {
         set(f, place(alpha(b), 36), 0);  // leaves alpha's value list to nobody
         return set(f, place(b.field(big(b), 4), 4), b.field(alpha(b), 40));
       },
       HiveRule::big_data_segments},
      {"big cell short",
       [=](Bytes& f, B b) { return set(f, place(b.value(u"Beta\\deep:Big"), 4), 16344 * 4), place(big(b), 2); },
       HiveRule::big_data_segments},
      {"not self-relative", [=](Bytes& f, B b) { return set(f, place(b.security(0), 22), 4, 2); },
       HiveRule::descriptor},
      {"acl revision", [=](Bytes& f, B b) { return set(f, place(b.security(0), 20 + 20), 9, 1); },
       HiveRule::descriptor},
      {"ace count", [=](Bytes& f, B b) { return set(f, place(b.security(0), 20 + 24), 2, 2); }, HiveRule::descriptor},
      {"ace past", [=](Bytes& f, B b) { return set(f, place(b.security(0), 20 + 30), 24, 2); }, HiveRule::descriptor},
      {"ace sid", [=](Bytes& f, B b) { return set(f, place(b.security(0), 20 + 37), 2, 1); }, HiveRule::descriptor},
      {"owner revision", [=](Bytes& f, B b) { return set(f, place(b.security(0), 20 + 48), 2, 1); },
       HiveRule::descriptor},
      {"group parts", [=](Bytes& f, B b) { return set(f, place(b.security(0), 20 + 65), 16, 1); },
       HiveRule::descriptor},
      {"descriptor cut", [=](Bytes& f, B b) { return set(f, place(b.security(0), 16), 19), place(b.security(0), 20); },
       HiveRule::descriptor},
      {"ring back out", [=](Bytes& f, B b) { return set(f, place(b.security(0), 8), 0x7FFFFFF8); },
       HiveRule::cell_reference},
      {"ring to a key", [=](Bytes& f, B b) { return set(f, place(b.security(0), 4), alpha(b)); },
       HiveRule::security_ring},
  };
}

TEST(HiveCheck, EveryDamageIsToldByRuleAndOffset) {
  const HiveSpec small = spec_to_damage();
  const HiveSpec split = split_spec();
  const HiveBuilder whole_lists(small);
  const HiveBuilder split_lists(split);
  for (const Damage& damage : damages()) {
    SCOPED_TRACE(damage.name);
    const HiveBuilder& builder = damage.split ? split_lists : whole_lists;
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
  const HiveSpec spec = spec_to_damage();
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

// What the table above leaves out, for it takes more than one change: see check_test.cpp.
TEST(HiveCheck, EveryRuleHasADamage) {
  std::set<HiveRule> broken{HiveRule::none, HiveRule::checksum, HiveRule::sequence_numbers, HiveRule::key_depth};
  for (const Damage& damage : damages()) broken.insert(damage.rule);
  for (int rule = 0; rule <= static_cast<int>(HiveRule::descriptor); ++rule) {
    EXPECT_TRUE(broken.contains(static_cast<HiveRule>(rule))) << rule_name(static_cast<HiveRule>(rule));
  }
}

TEST(HiveCheck, EveryRuleIsExplainedInTheNoteOnTheFormat) {
  std::ifstream file(ROAMSYNC_SOURCE_DIR "/src/hive/FORMAT.md");
  const std::string note{std::istreambuf_iterator<char>(file), {}};
  for (int rule = 1; rule <= static_cast<int>(HiveRule::descriptor); ++rule) {
    const std::string name = '`' + std::string(rule_name(static_cast<HiveRule>(rule))) + '`';
    EXPECT_NE(std::string::npos, note.find(name)) << name;
  }
}

// One broken cell that many refer to is one fault, not one for each of them.
TEST(HiveCheck, SharedDamageIsToldOnce) {
  HiveSpec spec{.root = {.name = u"ROOT"}};
  for (char16_t unit = u'a'; unit <= u'z'; ++unit) spec.root.subkeys.push_back({.name = {unit}});
  const HiveBuilder builder(spec);
  for (const std::size_t field : {0U, 16U, 20U}) {
    Bytes file = builder.file();
    put_at(file, HiveBuilder::place(builder.security(0), field), 0xFFFF, 2);
    EXPECT_EQ(1U, all_hive_faults(file).size()) << field;
  }
}

// Damage at the front does not hide what is wrong behind it.
TEST(HiveCheck, FaultsBehindADamagedBinAreFound) {
  HiveSpec spec = spec_to_damage();
  spec.free_tail = 3 * 4096;
  const HiveBuilder builder(spec);
  Bytes file = builder.file();
  const std::size_t tail = file.size() - (3 * 4096 + 32 + 4095) / 4096 * 4096;
  put_at(file, 4096, 0, 4);                                              // the first bin's mark alone
  put_at(file, tail + 4, 0, 8);                                          // the last one's offset and size
  put_at(file, HiveBuilder::place(builder.key(u"alpha"), 16), 0, 4);     // a parent
  put_at(file, HiveBuilder::place(builder.value(u"alpha:Long")), 0, 2);  // a value below it
  std::vector<std::string> rules;
  for (const HiveFault& fault : all_hive_faults(file)) rules.emplace_back(rule_name(fault.rule));
  EXPECT_EQ((std::vector<std::string>{"bin_signature", "bin_offset", "bin_size", "key_parent", "value_signature"}),
            rules);
}

TEST(HiveCheck, FaultsStayShortWhateverTheNamesAre) {
  const HiveSpec spec{
      .root = {.name = u"R",
               .subkeys = {{.name = std::u16string(30000, u'\u0416')}, {.name = std::u16string(30000, u'\u0436')}}}};
  const Verdict verdict = check_hive(build_hive(spec));
  EXPECT_EQ(HiveRule::list_order, verdict.fault.rule);
  EXPECT_LT(verdict.message().size(), 500U);
}

}  // namespace
}  // namespace roamsync
