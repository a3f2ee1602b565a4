#include <roamsync/security_mask.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/result_matchers.hpp"

namespace roamsync {
namespace {

using ::testing::ElementsAre;

TEST(AccessMask, ChangeIsFullWithoutDeleteChildWriteDacAndWriteOwner) {
  EXPECT_EQ(access::share_change,
            access::share_full & ~(access::delete_child | access::write_dac | access::write_owner));
  EXPECT_EQ(access::share_read, access::file_read | access::file_execute);
}

TEST(AccessMask, GenericRightsBecomeTheRightsOfTheObject) {
  EXPECT_EQ(file_mapping.map(access::generic_all), access::file_all);
  EXPECT_EQ(file_mapping.map(access::generic_read | access::write_dac), 0x00160089U);
  EXPECT_EQ(file_mapping.map(access::generic_write | access::generic_execute), 0x001201B6U);
  EXPECT_EQ(key_mapping.map(access::generic_all), 0x000F003FU);
}

TEST(AccessMask, NamesAndNumbersAreReadBack) {
  EXPECT_THAT(access_names(0x000D0002), ElementsAre("WRITE_DATA", "DELETE", "WRITE_DAC", "WRITE_OWNER"));
  EXPECT_THAT(access_names(0x00000200), ElementsAre("0x200"));
  EXPECT_EQ(parse_access("write_dac, DELETE").value(), access::write_dac | access::delete_object);
  EXPECT_EQ(parse_access("0x1301bf").value(), access::share_change);
  EXPECT_EQ(parse_access("full").value(), access::file_all);
  for (AccessMask bit = 1; bit != 0; bit <<= 1) EXPECT_EQ(parse_access(access_names(bit).front()).value(), bit);
}

TEST(AccessMask, WordsThatAreNoRightsAreRefused) {
  for (const char* text : {"", "WRITE_DAC,", ",", "0x", "0x1g", "0x100000000", "WRITE DOC"}) {
    SCOPED_TRACE(text);
    EXPECT_FAILS(parse_access(text), Errc::bad_descriptor);
  }
}

}  // namespace
}  // namespace roamsync
