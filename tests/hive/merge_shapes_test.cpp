// Merges of hives that are unlike each other in everything but their meaning, and of what is rare in them.
#include <roamsync/hive_diff.hpp>
#include <roamsync/hive_merge.hpp>

#include <gtest/gtest.h>

#include <functional>

#include "support/hive_dump.hpp"
#include "support/random_hive.hpp"
#include "support/result_matchers.hpp"

namespace roamsync::hive {
namespace {

using namespace roamsync::testing;

Merged merged(const Bytes& base, const Bytes& local, const Bytes& server, Prefer prefer = Prefer::newest) {
  auto result = merge_hives(base, local, server, {.prefer = prefer});
  EXPECT_OK(result);
  if (!result) return {};
  EXPECT_EQ(HiveState::clean, check_hive(result.value().file).state) << check_hive(result.value().file);
  return std::move(result.value());
}
Merged merged(const HiveSpec& base, const HiveSpec& local, const HiveSpec& server) {
  return merged(build_hive(base), build_hive(local), build_hive(server));
}
// `dump` without times, for a root's time says nothing here.
void expect_same(const HiveSpec& expected, const Merged& merge) {
  const Bytes file = build_hive(expected);
  std::string difference;
  diff_text(Hive::open(file).value().root(), Hive::open(merge.file).value().root(),
            [&](std::string_view text) { difference += text; });
  EXPECT_EQ("", difference);
}
HiveSpec hive_of(KeySpec root, std::uint32_t minor = 5) { return {.minor = minor, .root = std::move(root)}; }

TEST(HiveMergeShapes, VersionsListsAndNamesMayBeStoredDifferently) {
  KeySpec root{.name = u"R",
               .values = {binary_value(u"big", 50000), binary_value(u"bigger", 200000, 2)},
               .subkeys = {{.name = u"caf\u00E9"}, {.name = u"b"}, {.name = u"c"}}};
  const HiveSpec base = hive_of(root, 3);
  HiveSpec local = base;
  local.minor = 5;
  local.lists = ListKind::li;
  local.list_max = 1;
  local.utf16_names = true;
  local.free_after_key = 100;
  HiveSpec server = base;
  local.root.values[0] = binary_value(u"big", 60000, 3);
  server.root.values[1] = binary_value(u"bigger", 16345, 4);
  server.root.subkeys.push_back({.name = u"new"});
  HiveSpec expected = base;
  expected.root.values = {local.root.values[0], server.root.values[1]};
  expected.root.subkeys = server.root.subkeys;
  const Merged merge = merged(base, local, server);
  EXPECT_TRUE(merge.conflicts.empty());
  expect_same(expected, merge);
  EXPECT_EQ("1.5", inspect_hive(merge.file).info.version()) << "the newer of both";
  EXPECT_EQ(merge.file, merged(base, server, local).file);
}

TEST(HiveMergeShapes, WideListsKeepWhatEitherSideDid) {
  const auto name = [](std::size_t index) {
    return std::u16string{u'k', static_cast<char16_t>(0x4E00 + index / 100),
                          static_cast<char16_t>(0x4E00 + index % 100)};
  };
  HiveSpec base = hive_of({.name = u"R"}, 3);
  HiveSpec local = base;
  HiveSpec server = base;
  HiveSpec expected = base;
  for (std::size_t index = 0; index < 10'000; ++index) {
    const KeySpec key{.name = name(index)};
    if (index % 10 != 1) base.root.subkeys.push_back(key);
    if (index % 10 != 1 && index % 10 != 2) server.root.subkeys.push_back(key);  // one deleted
    if (index % 10 != 3) local.root.subkeys.push_back(key);                      // one deleted, one new
    if (index % 10 != 2 && index % 10 != 3) expected.root.subkeys.push_back(key);
  }
  const Merged merge = merged(base, local, server);
  EXPECT_TRUE(merge.conflicts.empty());
  expect_same(expected, merge);
  EXPECT_EQ(8001U, inspect_hive(merge.file).info.keys);
}

TEST(HiveMergeShapes, OddNamesAreNamesLikeOthers) {
  const std::u16string odd[] = {u"\xD800",       u"\xDC00\xD800", {u"nul\0l", 5}, u"a\r\nb",  u"a/b",
                                u"\xD801\xDC10", u"\xFF21",       u"stra\u00DFe", u"STRASSE", u"\u00FF"};
  HiveSpec base = hive_of({.name = u"R", .values = {text_value(u"", u"default")}});
  for (const std::u16string& name : odd) {
    base.root.subkeys.push_back({.name = name, .values = {number_value(name, 1), number_value(u"", 1)}});
  }
  HiveSpec local = base;
  HiveSpec server = base;
  HiveSpec expected = base;
  for (std::size_t index = 0; index < std::size(odd); ++index) {
    HiveSpec& side = index % 2 == 0 ? local : server;
    for (HiveSpec* spec : {&side, &expected}) {
      spec->root.subkeys[index].values = {number_value(odd[index], 2), text_value(u"", u"both")};
    }
  }
  local.root.values.clear();
  expected.root.values.clear();
  const Merged merge = merged(base, local, server);
  EXPECT_TRUE(merge.conflicts.empty());
  expect_same(expected, merge);
}

TEST(HiveMergeShapes, NamesOfOtherCaseAreOneName) {
  const HiveSpec base = hive_of({.name = u"R", .subkeys = {{.name = u"Key", .values = {number_value(u"Value", 1)}}}});
  HiveSpec local = base;
  HiveSpec server = base;
  local.root.subkeys[0].name = u"KEY";
  local.root.subkeys[0].values[0].name = u"VALUE";
  local.root.subkeys.push_back({.name = u"both", .values = {number_value(u"x", 7)}});
  server.root.subkeys[0].values[0] = number_value(u"Value", 2);
  server.root.subkeys.push_back({.name = u"BOTH", .values = {number_value(u"X", 7)}});
  HiveSpec expected = local;
  expected.root.subkeys[0].values[0] = number_value(u"VALUE", 2);
  const Merged merge = merged(base, local, server);
  EXPECT_TRUE(merge.conflicts.empty()) << "a spelling alone is nothing to be told";
  expect_same(expected, merge);
  EXPECT_EQ(3U, inspect_hive(merge.file).info.keys);
}

TEST(HiveMergeShapes, FlagsOfBothSidesAreKept) {
  const HiveSpec base = hive_of({.name = u"R", .subkeys = {{.name = u"k", .flags = 0x0010}}});
  HiveSpec local = base;
  HiveSpec server = base;
  local.root.subkeys[0].flags = 0x0210;
  server.root.subkeys[0].flags = 0x0100;
  HiveSpec expected = base;
  expected.root.subkeys[0].flags = 0x0300;
  expect_same(expected, merged(base, local, server));
}

// A key that stands for a predefined handle has a handle where others count their values.
TEST(HiveMergeShapes, PredefinedHandlesAreMergedLikeValues) {
  const HiveSpec base = hive_of({.name = u"R", .subkeys = {{.name = u"k", .values = {number_value(u"v", 1)}}}});
  HiveSpec turned = base;
  turned.root.subkeys[0].flags = 0x40;
  turned.root.subkeys[0].values.clear();
  HiveBuilder builder(turned);
  Bytes handle = builder.take();
  put_at(handle, HiveBuilder::place(builder.key(u"k"), 36), 0x80000005, 4);
  HiveSpec changed = base;
  changed.root.subkeys[0].values = {number_value(u"v", 2), number_value(u"w", 1)};
  for (const Bytes& other : {build_hive(base), build_hive(changed)}) {
    for (const Merged& merge : {merged(build_hive(base), handle, other), merged(build_hive(base), other, handle)}) {
      const Key key = *Hive::open(merge.file).value().find("k");
      EXPECT_EQ(0x80000005U, key.predefined_handle());
      EXPECT_EQ(0U, key.value_count());
    }
  }
}

TEST(HiveMergeShapes, TwoValuesOfOneNameBothStay) {
  const HiveSpec base = hive_of({.name = u"R", .values = {number_value(u"v", 1), number_value(u"V", 2)}});
  HiveSpec server = base;
  server.root.values.push_back(number_value(u"w", 3));
  HiveSpec local = base;
  local.root.values.push_back(number_value(u"x", 4));
  EXPECT_EQ(4U, inspect_hive(merged(base, local, server).file).info.values);
}

TEST(HiveMergeShapes, DeepestTreesAreMerged) {
  KeySpec deep{.name = u"x", .values = {number_value(u"v", 1)}};
  for (int level = 1; level < 511; ++level) {
    KeySpec above{.name = u"x"};
    above.subkeys.push_back(std::move(deep));
    deep = std::move(above);
  }
  const HiveSpec base = hive_of(deep);
  HiveSpec local = base;
  HiveSpec server = base;
  KeySpec* at = &local.root;
  while (!at->subkeys.empty()) at = &at->subkeys[0];
  at->subkeys.push_back({.name = u"the 512th"});
  server.root.values.push_back(number_value(u"top", 1));
  EXPECT_EQ(512U, inspect_hive(merged(base, local, server).file).info.keys);
}

TEST(HiveMergeShapes, KeyTimesAreKept) {
  HiveSpec base = hive_of({.name = u"R", .subkeys = {{.name = u"both"}, {.name = u"local"}, {.name = u"none"}}});
  for (KeySpec& key : base.root.subkeys) key.time = 1000;
  HiveSpec local = base;
  HiveSpec server = base;
  local.root.subkeys[0].time = 3000;
  local.root.subkeys[1].time = 500;  // its clock was wrong; still the change
  server.root.subkeys[0].time = 2000;
  server.root.subkeys.push_back({.name = u"server", .time = 4000});
  const Merged merge = merged(base, local, server);
  const auto hive = Hive::open(merge.file);
  ASSERT_OK(hive);
  std::string times;
  for (const Key key : hive.value().root().subkeys()) {
    times += key.name().utf8() + ' ' + std::to_string(key.time().ticks) + '\n';
  }
  EXPECT_EQ("both 3000\nlocal 500\nnone 1000\nserver 4000\n", times);
}

// Nothing that only one side changed is lost: every change of it is in the result, or in a conflict that was told.
TEST(HiveMergeShapes, WhatOneSideChangedIsInTheResult) {
  for (unsigned seed = 200; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    RandomTrees random(seed);
    const KeySpec tree = random.tree();
    const Bytes base = build_random(tree, 3);
    const Bytes local = build_random(random.changed(tree, 6));
    const Bytes server = build_random(random.changed(tree, 3));
    const Merged merge = merged(base, local, server);
    const auto written = Hive::open(merge.file);
    const auto told = [&](std::string_view path) {
      for (const Conflict& conflict : merge.conflicts) {
        if (path == conflict.path) return true;
        if (conflict.kind == ConflictKind::key && path.starts_with(conflict.path + '\\')) return true;
      }
      return false;
    };
    diff_hives(Hive::open(base).value().root(), Hive::open(local).value().root(), [&](const Change& change) {
      if (told(change.path)) return;
      const auto key = written.value().find(change.path);
      if (change.kind == ChangeKind::key_removed) {
        EXPECT_FALSE(key) << change.path;
      } else if (change.kind == ChangeKind::key_added || change.kind == ChangeKind::key_changed) {
        EXPECT_TRUE(key) << change.path;
      } else if (key) {
        const auto& value = change.new_value ? change.new_value : change.old_value;
        const auto there = key->value(value->name);
        EXPECT_EQ(change.new_value.has_value(), there.has_value()) << change.path << ' ' << value->name.utf8();
        if (there && change.new_value) {
          EXPECT_EQ(change.new_value->data, there->data());
        }
      }
    });
  }
}

}  // namespace
}  // namespace roamsync::hive
