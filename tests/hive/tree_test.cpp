#include <roamsync/hive_tree.hpp>

#include <gtest/gtest.h>

#include "support/hive_dump.hpp"
#include "support/random_hive.hpp"
#include "support/result_matchers.hpp"

namespace roamsync::hive {
namespace {

using namespace roamsync::testing;

TEST(HiveView, KeysAndValuesAreFoundWithoutRegardToCase) {
  HiveSpec spec{
      .root = {.name = u"R",
               .subkeys = {{.name = u"Software",
                            .subkeys = {{.name = u"\u041A\u043B\u044E\u0447",
                                         .values = {text_value(u"Caf\u00E9", u"x"), number_value(u"", 5)}}}}}}};
  const Bytes file = build_hive(spec);
  const auto hive = Hive::open(file);
  ASSERT_OK(hive);
  const auto key = hive.value().find("SOFTWARE\\\xD0\xBA\xD0\x9B\xD1\x8E\xD1\x87");
  ASSERT_TRUE(key);
  const std::u16string wanted = u"CAF\u00C9";
  EXPECT_EQ(1U, key->value(Name(wanted))->type());
  EXPECT_EQ(4U, key->value(Name{})->type());
  EXPECT_FALSE(hive.value().find("Software\\other"));
  EXPECT_FALSE(hive.value().find("Software\\\\"));
  EXPECT_EQ("R", hive.value().find("")->name().utf8());
}

TEST(HiveView, LookUpWorksInEveryKindOfList) {
  for (const ListKind lists : {ListKind::li, ListKind::lf, ListKind::lh}) {
    for (const std::size_t list_max : {1U, 7U, 507U}) {
      HiveSpec spec{.root = {.name = u"R"}, .lists = lists, .list_max = list_max};
      for (char16_t unit = u'A'; unit < u'A' + 100; ++unit) {
        if (unit >= u'a' && unit <= u'z') continue;
        spec.root.subkeys.push_back({.name = std::u16string(1, unit)});
      }
      const Bytes file = build_hive(spec);
      const auto hive = Hive::open(file);
      ASSERT_OK(hive);
      std::size_t seen = 0;
      for (const Key key : hive.value().root().subkeys()) {
        EXPECT_TRUE(hive.value().root().subkey(key.name()));
        ++seen;
      }
      EXPECT_EQ(spec.root.subkeys.size(), seen);
      const std::u16string lower = u"q";
      EXPECT_TRUE(hive.value().root().subkey(Name(lower)));
    }
  }
}

TEST(HiveView, DataOfEverySizeIsReadWhole) {
  for (const std::uint32_t minor : {3U, 5U}) {
    for (const std::size_t size : {0U, 1U, 4U, 5U, 16344U, 16345U, 81725U}) {
      const ValueSpec value = binary_value(u"v", size);
      const Bytes file = build_hive({.minor = minor, .root = {.name = u"R", .values = {value}}});
      const auto hive = Hive::open(file);
      ASSERT_OK(hive);
      const Data data = (*hive.value().root().values().begin()).data();
      EXPECT_EQ(size, data.size());
      EXPECT_EQ(value.data, data.bytes());
      EXPECT_EQ(Data(value.data), data);
    }
  }
}

TEST(HiveView, UnsoundHivesAreNotOpened) {
  Bytes file = build_hive({});
  file[4096] = std::byte{0};
  EXPECT_FAILS(Hive::open(file), Errc::hive_corrupt);
  const Bytes dirty = build_hive({.primary = 5});
  EXPECT_FAILS(Hive::open(dirty), Errc::hive_dirty);
  EXPECT_OK(Hive::open_as_it_lies(dirty));
}

Result<Bytes> rewritten(const Bytes& file, std::uint32_t minor) {
  BOOST_OUTCOME_TRY(const Hive hive, Hive::open(file));
  return write_hive(read_tree(hive.root()), {.minor = minor});
}

TEST(HiveWrite, WhatIsWrittenIsCleanAndTheSameTree) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    for (const std::uint32_t minor : {3U, 5U}) {
      const Bytes file = build_random(RandomTrees(seed).tree());
      const auto again = rewritten(file, minor);
      ASSERT_OK(again);
      EXPECT_EQ(HiveState::clean, check_hive(again.value()).state) << check_hive(again.value());
      EXPECT_EQ(dump(file), dump(again.value()));
      const auto hive = Hive::open(file);
      EXPECT_TRUE(same_tree(read_tree(hive.value().root()), Hive::open(again.value()).value().root()));
    }
  }
}

TEST(HiveWrite, EqualTreesGiveEqualBytes) {
  const HiveSpec spec = profile_hive(300, 3);
  const Bytes packed = build_hive(spec);
  HiveSpec loose = spec;
  loose.free_after_key = 200;
  loose.list_max = 5;
  loose.lists = ListKind::li;
  loose.utf16_names = true;
  const auto first = rewritten(packed, 5);
  ASSERT_OK(first);
  EXPECT_EQ(first.value(), rewritten(build_hive(loose), 5).value());
  EXPECT_EQ(first.value(), rewritten(first.value(), 5).value());
  EXPECT_LT(first.value().size(), packed.size() + 8192);
}

TEST(HiveWrite, LongListsAreSplitAsWindowsSplitsThem) {
  for (const std::uint32_t minor : {3U, 5U}) {
    for (const std::size_t count : {507U, 508U, 1012U, 1013U, 6000U}) {
      HiveSpec spec{.minor = minor, .root = {.name = u"R"}};
      for (std::size_t i = 0; i < count; ++i) {
        spec.root.subkeys.push_back(
            {.name = {static_cast<char16_t>(0x4E00 + i / 100), static_cast<char16_t>(0x4E00 + i % 100)}});
      }
      const auto file = rewritten(build_hive(spec), minor);
      ASSERT_OK(file);
      EXPECT_EQ(count + 1, inspect_hive(file.value()).info.keys);
      EXPECT_EQ(HiveState::clean, check_hive(file.value()).state) << check_hive(file.value());
    }
  }
}

TEST(HiveWrite, FlagsClassesAndDescriptorsAreKept) {
  HiveSpec spec{
      .root = {.name = u"R", .subkeys = {{.name = u"link", .class_name = u"C", .security = 1, .flags = 0x10}}},
      .securities = {plain_descriptor(), plain_descriptor(0x20019)}};
  HiveBuilder builder(spec);
  Bytes file = builder.take();
  put_at(file, HiveBuilder::place(builder.key(u"link"), 54), 0x0105, 2);  // user and virtualization flags
  const auto again = rewritten(file, 5);
  ASSERT_OK(again);
  EXPECT_EQ(dump(file), dump(again.value()));
  const auto link = Hive::open(again.value()).value().find("link");
  EXPECT_EQ(0x0105, link->user_flags());
  EXPECT_EQ(0x10, link->flags() & 0x10);
}

TEST(HiveWrite, WhatNoHiveCanHoldIsRefused) {
  const auto security = plain_descriptor();
  const std::u16string a = u"Same";
  const std::u16string b = u"sAME";
  EXPECT_FAILS(
      write_hive({.security = security,
                  .subkeys = {{.name = Name(a), .security = security}, {.name = Name(b), .security = security}}}),
      Errc::not_supported);
  EXPECT_FAILS(write_hive({.security = security, .subkeys = {{.security = security}}}), Errc::not_supported);
  EXPECT_FAILS(write_hive({}), Errc::not_supported);
  EXPECT_FAILS(write_hive({.security = security}, {.minor = 2}), Errc::not_supported);
  const std::u16string endless(40000, u'\u0394');
  EXPECT_FAILS(write_hive({.security = security, .values = {{.name = Name(endless)}}}), Errc::not_supported);
  KeyNode chain{.name = Name(a), .security = security};
  for (int level = 0; level < 512; ++level) {
    KeyNode above{.name = Name(a), .security = security};
    above.subkeys.push_back(std::move(chain));
    chain = std::move(above);
  }
  EXPECT_FAILS(write_hive(chain), Errc::not_supported);
}

TEST(HiveWrite, TreeBuiltByHandIsWritten) {
  Tree tree;
  const auto security = tree.keep(plain_descriptor());
  tree.root = {.name = tree.keep(u"ROOT"), .security = security};
  tree.root.subkeys.push_back({.name = tree.keep(u"Sub"),
                               .security = security,
                               .values = {{.name = tree.keep(u"v"), .type = 3, .data = Data(tree.keep(Bytes(10)))}}});
  const auto file = write_hive(tree.root, {.minor = 3, .sequence = 9});
  ASSERT_OK(file);
  const auto hive = Hive::open(file.value());
  ASSERT_OK(hive);
  EXPECT_EQ(9U, hive.value().info().sequence);
  EXPECT_EQ(10U, (*hive.value().find("Sub")->values().begin()).data().size());
}

}  // namespace
}  // namespace roamsync::hive
