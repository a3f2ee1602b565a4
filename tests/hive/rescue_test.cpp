#include <roamsync/hive_tree.hpp>

#include <gtest/gtest.h>

#include "support/hive_dump.hpp"
#include "support/random_hive.hpp"
#include "support/result_matchers.hpp"

namespace roamsync::hive {
namespace {

using namespace roamsync::testing;

std::string rescued(const Bytes& file) {
  const Rescue rescue = rescue_hive(file);
  const auto written = write_hive(rescue.tree.root);
  return written ? dump(written.value()) : written.error().message();
}

HiveSpec small_spec() {
  return {.root = {.name = u"ROOT",
                   .subkeys = {{.name = u"a", .values = {number_value(u"n", 1), binary_value(u"big", 50000)}},
                               {.name = u"b", .subkeys = {{.name = u"deep", .values = {text_value(u"t", u"x")}}}},
                               {.name = u"c"}}}};
}

TEST(HiveRescue, SoundHiveIsReadWhole) {
  for (unsigned seed = 0; seed < 30; ++seed) {
    const Bytes file = build_random(RandomTrees(seed).tree());
    const Rescue rescue = rescue_hive(file);
    EXPECT_TRUE(rescue.complete) << rescue.warnings.front().expected << rescue.warnings.front().found;
    EXPECT_EQ(dump(file), rescued(file));
  }
}

TEST(HiveRescue, OneBadKeyDoesNotEndTheListing) {
  const HiveSpec spec = small_spec();
  HiveBuilder builder(spec);
  Bytes file = builder.file();
  put_at(file, HiveBuilder::place(builder.key(u"a")), 0, 2);
  const Rescue rescue = rescue_hive(file);
  EXPECT_FALSE(rescue.complete);
  ASSERT_EQ(2U, rescue.tree.root.subkeys.size());
  EXPECT_EQ(1U, rescue.tree.root.subkeys[0].subkeys.size());
  EXPECT_EQ(HiveRule::key_signature, rescue.warnings.front().rule);
}

TEST(HiveRescue, RootIsFoundWhenTheHeaderIsGone) {
  Bytes file = build_hive(small_spec());
  const std::string whole = dump(file);
  std::fill(file.begin(), file.begin() + 512, std::byte{0});
  EXPECT_FALSE(rescue_hive(file).complete);
  EXPECT_EQ(whole, rescued(file));
}

TEST(HiveRescue, TruncatedHiveGivesWhatIsLeft) {
  const Bytes file = build_hive(small_spec());
  for (std::size_t size = 0; size < file.size(); size += 512) {
    const Rescue rescue = rescue_hive(std::span(file).first(size));
    EXPECT_FALSE(rescue.complete);
    if (rescue.tree.root.security.empty()) continue;
    const auto written = write_hive(rescue.tree.root);
    ASSERT_OK(written);
    EXPECT_EQ(HiveState::clean, check_hive(written.value()).state);
  }
}

TEST(HiveRescue, CircleEnds) {
  const HiveSpec spec = small_spec();
  HiveBuilder builder(spec);
  Bytes file = builder.file();
  const std::uint32_t list = builder.field(builder.key(u"b"), 28);
  put_at(file, HiveBuilder::place(list, 4), builder.key(u""), 4);
  EXPECT_FALSE(rescue_hive(file).complete);
  put_at(file, HiveBuilder::place(list, 4), builder.key(u"b"), 4);
  EXPECT_FALSE(rescue_hive(file).complete);
}

// Whatever single bytes become, what is rescued can be written, and the result is clean.
TEST(HiveRescue, WhatIsRescuedCanAlwaysBeWritten) {
  HiveSpec spec = small_spec();
  spec.root.subkeys[0].values.pop_back();
  const Bytes sound = build_hive(spec);
  for (std::size_t at = 0; at < sound.size(); ++at) {
    for (const std::byte change : {std::byte{0x01}, std::byte{0x80}, std::byte{0xFF}}) {
      Bytes file = sound;
      file[at] ^= change;
      const Rescue rescue = rescue_hive(file);
      if (rescue.tree.root.security.empty()) continue;
      const auto written = write_hive(rescue.tree.root);
      ASSERT_OK(written) << at;
      ASSERT_EQ(HiveState::clean, check_hive(written.value()).state) << at;
    }
  }
}

}  // namespace
}  // namespace roamsync::hive
