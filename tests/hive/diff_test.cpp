#include <roamsync/hive_diff.hpp>

#include <gtest/gtest.h>

#include "support/random_hive.hpp"
#include "support/result_matchers.hpp"

namespace roamsync::hive {
namespace {

using namespace roamsync::testing;

std::vector<std::string> changes(const Bytes& before, const Bytes& after) {
  std::vector<std::string> told;
  diff_hives(Hive::open(before).value().root(), Hive::open(after).value().root(), [&](const Change& change) {
    std::string line = std::string(change_name(change.kind)) + ' ' + std::string(change.path);
    const auto& value = change.new_value ? change.new_value : change.old_value;
    told.push_back(value ? line + ':' + value->name.utf8() : line);
  });
  return told;
}
std::string text(const Bytes& before, const Bytes& after) {
  std::string all;
  const bool differ = diff_text(Hive::open(before).value().root(), Hive::open(after).value().root(),
                                [&](std::string_view part) { all += part; });
  EXPECT_EQ(differ, !all.empty());
  return all;
}

HiveSpec before_spec() {
  return {.root = {.name = u"ROOT",
                   .subkeys = {{.name = u"Gone", .values = {number_value(u"x", 1)}, .subkeys = {{.name = u"below"}}},
                               {.name = u"Kept",
                                .values = {number_value(u"a", 1), text_value(u"b", u"old"), number_value(u"c", 3)}}}},
          .securities = {plain_descriptor(), plain_descriptor(1)}};
}
HiveSpec after_spec() {
  HiveSpec spec = before_spec();
  spec.root.subkeys.erase(spec.root.subkeys.begin());
  KeySpec& kept = spec.root.subkeys[0];
  kept.class_name = u"Shell";
  kept.values = {number_value(u"d", 4), text_value(u"B", u"new"), number_value(u"a", 1)};
  kept.time += 5;
  spec.root.subkeys.push_back({.name = u"New", .values = {number_value(u"y", 2)}});
  return spec;
}

TEST(HiveDiff, EveryChangeIsToldByPath) {
  EXPECT_EQ((std::vector<std::string>{"key_removed Gone", "value_removed Gone:x", "key_removed Gone\\below",
                                      "key_changed Kept", "value_changed Kept:B", "value_removed Kept:c",
                                      "value_added Kept:d", "key_added New", "value_added New:y"}),
            changes(build_hive(before_spec()), build_hive(after_spec())));
}

TEST(HiveDiff, TextTurnsTheOldHiveIntoTheNew) {
  EXPECT_EQ(R"(Windows Registry Editor Version 5.00

[-HKEY_CURRENT_USER\Gone]

[-HKEY_CURRENT_USER\Gone\below]

[HKEY_CURRENT_USER\Kept]
; class "Shell", was ""
; was "b"="old"
"B"="new"
; was "c"=dword:00000003
"c"=-
"d"=dword:00000004

[HKEY_CURRENT_USER\New]
"y"=dword:00000002
)",
            text(build_hive(before_spec()), build_hive(after_spec())));
}

TEST(HiveDiff, LayoutOrderAndTimesAreNoChange) {
  HiveSpec other = before_spec();
  other.root.name = u"MOUNTED";
  other.root.subkeys[1].time += 7;
  std::swap(other.root.subkeys[1].values[0], other.root.subkeys[1].values[2]);
  other.utf16_names = true;
  other.free_after_key = 200;
  EXPECT_EQ("", text(build_hive(before_spec()), build_hive(other)));
}

TEST(HiveDiff, DescriptorsFlagsAndSpellingAreChangesOfTheKey) {
  for (const int what : {0, 1, 2}) {
    HiveSpec other = before_spec();
    KeySpec& kept = other.root.subkeys[1];
    if (what == 0) kept.security = 1;
    if (what == 1) kept.flags = 0x10;
    if (what == 2) kept.name = u"KEPT";
    EXPECT_EQ(1U, changes(build_hive(before_spec()), build_hive(other)).size());
    EXPECT_NE(std::string::npos, text(build_hive(before_spec()), build_hive(other)).find("\n; ")) << what;
  }
}

TEST(HiveDiff, TwoWaysAreMirrored) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    RandomTrees random(seed);
    const KeySpec tree = random.tree();
    const Bytes before = build_random(tree);
    const Bytes after = build_random(random.changed(tree, 5), 3);
    EXPECT_EQ(changes(before, after).size(), changes(after, before).size());
    EXPECT_TRUE(changes(before, before).empty());
    EXPECT_EQ(changes(before, after).empty(),
              same_content(Hive::open(before).value().root(), Hive::open(after).value().root()));
  }
}

std::string exported(const Bytes& file, const TextOptions& options = {}) {
  std::string all;
  export_text(
      Hive::open(file).value().root(), "", [&](std::string_view part) { all += part; }, options);
  return all;
}

TEST(HiveText, ExportKeepsEveryByte) {
  Bytes unterminated = utf16_bytes(u"ab");
  HiveSpec spec{.root = {.name = u"R",
                         .values = {text_value(u"", u"C:\\\"x\""),
                                    {u"raw", 1, unterminated},
                                    {u"odd", 4, Bytes(3)},
                                    {u"none", 0, {}},
                                    {u"prop", 0xFFFF0012, Bytes(2)},
                                    number_value(u"n\"\\", 0xABCDEF),
                                    text_value(u"lone", u"\xD800"),
                                    text_value(u"pair", u"\xD83D\xDE00"),
                                    text_value(u"line", u"a\r\nb"),
                                    {u"multi", 7, utf16_bytes({u"a\0\0", 3})}},
                         .subkeys = {{.name = u"K"}}}};
  EXPECT_EQ(R"(Windows Registry Editor Version 5.00

[HKEY_CURRENT_USER]
@="C:\\\"x\""
"raw"=hex(1):61,00,62,00
"odd"=hex(4):00,00,00
"none"=hex(0):
"prop"=hex(ffff0012):00,00
"n\"\\"=dword:00abcdef
"lone"=hex(1):00,d8,00,00
"pair"=")"
            "\xF0\x9F\x98\x80"
            R"("
"line"=hex(1):61,00,0d,00,0a,00,62,00,00,00
"multi"=hex(7):61,00,00,00,00,00

[HKEY_CURRENT_USER\K]
)",
            exported(build_hive(spec)));
}

TEST(HiveText, LongDataIsWrappedAtEightyColumns) {
  const Bytes file = build_hive({.root = {.name = u"R", .values = {binary_value(u"v", 300)}}});
  const std::string wrapped = exported(file);
  std::string joined;
  std::size_t column = 0;
  for (std::size_t at = 0; at < wrapped.size(); ++at) {
    column = wrapped[at] == '\n' ? 0 : column + 1;
    EXPECT_LE(column, 80U);
    if (wrapped.compare(at, 4, "\\\n  ") == 0) {
      at += 3, column = 2;
    } else {
      joined += wrapped[at];
    }
  }
  EXPECT_EQ(exported(file, {.wrap = false}), joined);
}

}  // namespace
}  // namespace roamsync::hive
