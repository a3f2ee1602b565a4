#include <roamsync/hive_merge.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "support/hive_dump.hpp"
#include "support/random_hive.hpp"
#include "support/result_matchers.hpp"

namespace roamsync::hive {
namespace {

using namespace roamsync::testing;

Merged merged(const KeySpec& base, const KeySpec& local, const KeySpec& server, Prefer prefer = Prefer::newest) {
  auto result = merge_hives(build_random(base), build_random(local), build_random(server), {.prefer = prefer});
  EXPECT_OK(result);
  return result ? std::move(result.value()) : Merged{};
}
// Only what is below the root, whose time may differ.
std::string tree_of(const Merged& merge) { return dump(merge.file); }
std::string tree_of(const KeySpec& spec) { return dump(build_random(spec)); }

KeySpec with_value(std::uint32_t number, std::int64_t later = 0) {
  KeySpec root{.name = u"ROOT",
               .subkeys = {{.name = u"K", .values = {number_value(u"v", number), number_value(u"same", 0)}}}};
  root.subkeys[0].time += later;
  return root;
}

TEST(HiveMerge, ChangesOfBothSidesAreKept) {
  KeySpec local = with_value(1);
  KeySpec server = with_value(1);
  local.subkeys[0].values.push_back(number_value(u"from local", 1));
  server.subkeys[0].values[0] = number_value(u"v", 7);
  server.subkeys.push_back({.name = u"New"});
  const Merged merge = merged(with_value(1), local, server);
  EXPECT_TRUE(merge.conflicts.empty());
  KeySpec expected = server;
  expected.subkeys[0].values.push_back(number_value(u"from local", 1));
  EXPECT_EQ(tree_of(expected), tree_of(merge));
}

TEST(HiveMerge, BothTheSameWayIsOneChange) {
  const Merged merge = merged(with_value(1), with_value(2, 5), with_value(2, 9));
  EXPECT_TRUE(merge.conflicts.empty());
  EXPECT_EQ(tree_of(with_value(2, 9)), tree_of(merge));
}

TEST(HiveMerge, ConflictIsSettledByPolicyAndListedWithBothData) {
  const KeySpec base = with_value(1);
  const KeySpec local = with_value(2, 5);
  const KeySpec server = with_value(3, 9);
  for (const auto& [prefer, number, side] : {std::tuple{Prefer::newest, 3U, Side::server},
                                             {Prefer::local, 2U, Side::local},
                                             {Prefer::server, 3U, Side::server}}) {
    // A conflict's views point into the hives: these outlive them.
    const Bytes hives[] = {build_random(base), build_random(local), build_random(server)};
    const auto result = merge_hives(hives[0], hives[1], hives[2], {.prefer = prefer});
    ASSERT_OK(result);
    const Merged& merge = result.value();
    ASSERT_EQ(1U, merge.conflicts.size());
    const Conflict& conflict = merge.conflicts.front();
    EXPECT_EQ(ConflictKind::value, conflict.kind);
    EXPECT_EQ("K", conflict.path);
    EXPECT_EQ("v", conflict.value_name.utf8());
    EXPECT_TRUE(conflict.base && conflict.local && conflict.server);
    EXPECT_EQ(side, conflict.taken);
    EXPECT_FALSE(conflict.reason.empty());
    EXPECT_EQ(tree_of(with_value(number, 9)), tree_of(merge));
  }
}

TEST(HiveMerge, DeletingAValueAgainstChangingItIsAConflict) {
  KeySpec local = with_value(1, 20);
  local.subkeys[0].values.erase(local.subkeys[0].values.begin());
  const KeySpec server = with_value(3, 9);
  const Merged newest = merged(with_value(1), local, server);
  ASSERT_EQ(1U, newest.conflicts.size());
  EXPECT_FALSE(newest.conflicts.front().local);
  EXPECT_EQ(tree_of(local), tree_of(newest));
  const Merged kept = merged(with_value(1), local, server, Prefer::server);
  EXPECT_EQ(tree_of(with_value(3, 20)), tree_of(kept));
}

TEST(HiveMerge, DeletingAKeyAgainstAChangeBelowItIsOneConflict) {
  KeySpec base{.name = u"ROOT", .subkeys = {with_value(1)}};
  base.subkeys[0].name = u"Top";
  KeySpec local = base;
  local.subkeys.clear();
  local.time += 5;
  KeySpec server = base;
  server.subkeys[0].subkeys[0].values[0] = number_value(u"v", 9);
  server.subkeys[0].subkeys[0].time += 10;
  const Merged newest = merged(base, local, server);
  ASSERT_EQ(1U, newest.conflicts.size());
  EXPECT_EQ(ConflictKind::key, newest.conflicts.front().kind);
  EXPECT_EQ("Top", newest.conflicts.front().path);
  server.time += 5;
  EXPECT_EQ(tree_of(server), tree_of(newest));
  EXPECT_EQ(tree_of(local), tree_of(merged(base, local, server, Prefer::local)));
}

TEST(HiveMerge, DeletingAKeyNobodyChangedIsNoConflict) {
  KeySpec local = with_value(1);
  local.subkeys.clear();
  KeySpec server = with_value(1, 3);  // its time alone
  const Merged merge = merged(with_value(1), local, server);
  EXPECT_TRUE(merge.conflicts.empty());
  EXPECT_EQ(tree_of(local), tree_of(merge));
}

TEST(HiveMerge, DescriptorsAndClassesAreMerged) {
  KeySpec local = with_value(1, 1);
  KeySpec server = with_value(1, 2);
  local.subkeys[0].security = 1;
  server.subkeys[0].class_name = u"Shell";
  const Merged both = merged(with_value(1), local, server);
  EXPECT_TRUE(both.conflicts.empty());
  KeySpec expected = with_value(1, 2);
  expected.subkeys[0].security = 1;
  expected.subkeys[0].class_name = u"Shell";
  EXPECT_EQ(tree_of(expected), tree_of(both));
  server.subkeys[0].security = 2;
  local.subkeys[0].class_name = u"Other";
  const Merged conflict = merged(with_value(1), local, server);
  ASSERT_EQ(2U, conflict.conflicts.size());
  EXPECT_EQ(ConflictKind::class_name, conflict.conflicts[0].kind);
  EXPECT_EQ(ConflictKind::security, conflict.conflicts[1].kind);
  EXPECT_EQ(tree_of(server), tree_of(conflict));
}

TEST(HiveMerge, HivesThatAreNotCleanAreRefusedByName) {
  const Bytes sound = build_random(with_value(1));
  Bytes dirty = sound;
  put_at(dirty, 4, 99, 4);
  seal(dirty);
  Bytes corrupt = sound;
  corrupt[4096] = std::byte{0};
  EXPECT_FAILS(merge_hives(sound, dirty, sound), Errc::hive_dirty);
  EXPECT_EQ("merge local", merge_hives(sound, dirty, sound).error().context().step);
  EXPECT_EQ("merge server", merge_hives(sound, sound, corrupt).error().context().step);
  EXPECT_FAILS(merge_hives(corrupt, sound, sound), Errc::hive_corrupt);
}

// The naive model: everything by name in maps, merged with three lines of rules.
struct Model {
  std::map<std::u16string, Model> subkeys;
  std::map<std::u16string, std::pair<std::uint32_t, Bytes>> values;
  friend bool operator==(const Model&, const Model&) = default;
};
Model model_of(const KeySpec& key) {
  Model model;
  for (const ValueSpec& value : key.values) model.values[value.name] = {value.type, value.data};
  for (const KeySpec& subkey : key.subkeys) model.subkeys[subkey.name] = model_of(subkey);
  return model;
}
Model model_of(Key key) {
  Model model;
  for (const Value value : key.values()) model.values[value.name().utf16()] = {value.type(), value.data().bytes()};
  for (const Key subkey : key.subkeys()) model.subkeys[subkey.name().utf16()] = model_of(subkey);
  return model;
}
template <class T>
const T* at(const std::map<std::u16string, T>& map, const std::u16string& name) {
  const auto found = map.find(name);
  return found == map.end() ? nullptr : &found->second;
}
template <class T>
bool same(const T* left, const T* right) {
  return left == right || (left != nullptr && right != nullptr && *left == *right);
}
// Local wins every conflict.
Model model_merge(const Model& base, const Model& local, const Model& server) {
  Model result;
  std::map<std::u16string, bool> names;
  for (const Model* side : {&base, &local, &server}) {
    for (const auto& [name, value] : side->values) names[name];
  }
  for (const auto& [name, unused] : names) {
    const auto* b = at(base.values, name);
    const auto* l = at(local.values, name);
    const auto* s = at(server.values, name);
    const auto* taken = same(b, l) ? s : l;
    if (taken != nullptr) result.values[name] = *taken;
  }
  names.clear();
  for (const Model* side : {&base, &local, &server}) {
    for (const auto& [name, key] : side->subkeys) names[name];
  }
  for (const auto& [name, unused] : names) {
    const Model* b = at(base.subkeys, name);
    const Model* l = at(local.subkeys, name);
    const Model* s = at(server.subkeys, name);
    if (l != nullptr && s != nullptr) {
      result.subkeys[name] = model_merge(b != nullptr ? *b : Model{}, *l, *s);
    } else if (const Model* taken = same(b, l) ? s : l; taken != nullptr) {
      result.subkeys[name] = *taken;
    }
  }
  return result;
}

// Random trees and random changes to both sides, each from its own seed.
class HiveMergeProperties : public ::testing::Test {
 protected:
  struct Case {
    KeySpec base, local, server;
  };
  static void for_each_case(const std::function<void(const Case&)>& check) {
    for (unsigned seed = 0; seed < 100; ++seed) {
      SCOPED_TRACE(seed);
      RandomTrees random(seed);
      Case made{.base = random.tree()};
      made.local = random.changed(made.base, 1 + seed % 9);
      made.server = random.changed(made.base, 1 + seed % 7);
      check(made);
      if (HasFailure()) return;
    }
  }
};

TEST_F(HiveMergeProperties, OneSidedMergeIsThatSide) {
  for_each_case([](const Case& made) {
    for (const Prefer prefer : {Prefer::newest, Prefer::local, Prefer::server}) {
      EXPECT_EQ(tree_of(made.server), tree_of(merged(made.base, made.base, made.server, prefer)));
      EXPECT_EQ(tree_of(made.local), tree_of(merged(made.base, made.local, made.base, prefer)));
      EXPECT_EQ(tree_of(made.local), tree_of(merged(made.base, made.local, made.local, prefer)));
    }
    EXPECT_TRUE(merged(made.base, made.local, made.local).conflicts.empty());
  });
}

TEST_F(HiveMergeProperties, SwappedSidesGiveTheMirroredMerge) {
  for_each_case([](const Case& made) {
    const Merged newest = merged(made.base, made.local, made.server);
    const Merged swapped = merged(made.base, made.server, made.local);
    EXPECT_EQ(newest.file, swapped.file);
    EXPECT_EQ(newest.conflicts.size(), swapped.conflicts.size());
    EXPECT_EQ(merged(made.base, made.local, made.server, Prefer::local).file,
              merged(made.base, made.server, made.local, Prefer::server).file);
  });
}

TEST_F(HiveMergeProperties, AgreesWithTheNaiveModel) {
  for_each_case([](const Case& made) {
    // The model knows keys and values, no class names and descriptors.
    const std::function<KeySpec(KeySpec)> plain = [&](KeySpec key) {
      key.class_name.clear();
      key.security = 0;
      for (KeySpec& subkey : key.subkeys) subkey = plain(subkey);
      return key;
    };
    const Merged merge = merged(plain(made.base), plain(made.local), plain(made.server), Prefer::local);
    EXPECT_EQ(model_merge(model_of(made.base), model_of(made.local), model_of(made.server)),
              model_of(Hive::open(merge.file).value().root()));
  });
}

TEST_F(HiveMergeProperties, MergingAgainChangesNothing) {
  for_each_case([](const Case& made) {
    const Merged once = merged(made.base, made.local, made.server);
    const Bytes server = build_random(made.server);
    const auto again = merge_hives(server, once.file, server);
    ASSERT_OK(again);
    EXPECT_EQ(dump(once.file), dump(again.value().file));
  });
}

}  // namespace
}  // namespace roamsync::hive
