#include "session/records.hpp"

#include "support/at.hpp"
#include "support/result_matchers.hpp"

#include <gtest/gtest.h>

namespace roamsync {
namespace {

TEST(BaseRecord, HoldsAPathThatBothSidesSpellAlikeOnce) {
  const Tree tree({{.path = testing::at("a.txt")}});
  const auto record = read_base(write_base({.base = {.local = tree, .server = tree}}), "base");
  ASSERT_OK(record);
  const Base& base = record.value().base;
  EXPECT_EQ(base.local, tree);
  EXPECT_EQ(base.local.entries()[0].path.text().data(), base.server.entries()[0].path.text().data());
}

}  // namespace
}  // namespace roamsync
