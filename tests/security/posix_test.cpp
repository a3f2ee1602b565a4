#include <roamsync/security_posix.hpp>

#include "security/bytes_of_hex.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>

namespace roamsync::testing {
namespace {

using Tag = PosixAclEntry::Tag;

constexpr std::uint32_t alice = 1000;
constexpr std::uint32_t staff = 50;

TEST(PosixMode, TheFirstClassThatFitsDecidesAlone) {
  const PosixObject open_to_others{.owner = alice, .group = staff, .mode = 0007};
  EXPECT_EQ(judge_posix(open_to_others, {.id = alice, .groups = {staff}}).bits, 0U) << "the owner";
  EXPECT_EQ(judge_posix(open_to_others, {.id = 7, .groups = {staff}}).bits, 0U) << "the group";
  EXPECT_EQ(judge_posix(open_to_others, {.id = 7, .groups = {8}}).bits, 7U);
}

TEST(PosixMode, SaysWhichClassDecided) {
  const PosixObject folder{.owner = alice, .group = staff, .mode = 0750};
  EXPECT_EQ(judge_posix(folder, {.id = alice}).decided_by, Tag::owner);
  const PosixVerdict group = judge_posix(folder, {.id = 7, .groups = {8, staff}});
  EXPECT_EQ(group.decided_by, Tag::owning_group);
  EXPECT_EQ(group.id, staff);
  EXPECT_EQ(group.bits, 5U);
  EXPECT_EQ(judge_posix(folder, {.id = 7}).decided_by, Tag::other);
}

TEST(PosixAcl, TheMaskLimitsNamedUsersAndGroupsAndNotTheOwner) {
  const PosixObject folder{.owner = alice,
                           .group = staff,
                           .acl = {{Tag::owner, 7, 0},
                                   {Tag::user, 7, 1001},
                                   {Tag::owning_group, 7, 0},
                                   {Tag::group, 6, 60},
                                   {Tag::mask, 5, 0},
                                   {Tag::other, 0, 0}}};
  EXPECT_EQ(judge_posix(folder, {.id = alice}).bits, 7U);
  const PosixVerdict named = judge_posix(folder, {.id = 1001});
  EXPECT_EQ(named.bits, 5U);
  EXPECT_EQ(named.masked_out, 2U);
  EXPECT_EQ(judge_posix(folder, {.id = 7, .groups = {60, staff}}).bits, 5U) << "the group that gives most";
  EXPECT_EQ(judge_posix(folder, {.id = 7, .groups = {60}}).bits, 4U);
  EXPECT_EQ(judge_posix(folder, {.id = 7}).bits, 0U);
}

// As setfacl -m u:1001:rwx wrote it on a folder of mode 0750.
TEST(PosixAcl, TheAttributeIsRead) {
  const auto read = parse_posix_acl(
      bytes_of_hex("0200000001000700ffffffff02000700e903000004000500ffffffff10000700ffffffff20000000ffffffff"));
  ASSERT_OK(read);
  ASSERT_EQ(read.value().size(), 5U);
  EXPECT_EQ(read.value()[1], (PosixAclEntry{Tag::user, 7, 1001}));
  EXPECT_EQ(read.value()[3].tag, Tag::mask);
}

TEST(PosixAcl, WhatIsNoListIsRefused) {
  for (const char* hex : {"", "020000", "03000000", "0200000001000700ffffff", "0200000003000700ffffffff",
                          "0200000001000800ffffffff", "0200000040000700ffffffff"}) {
    EXPECT_FALSE(parse_posix_acl(bytes_of_hex(hex))) << hex;
  }
}

TEST(PosixRights, AProfileCanBeKeptWhereItsUserMayReadWriteAndEnter) {
  EXPECT_EQ(access::profile_upload & ~rights_of_posix(7, true), 0U);
  EXPECT_EQ(access::profile_upload & ~rights_of_posix(7, false), 0U);
  EXPECT_EQ(access::profile_download & ~rights_of_posix(5, false), 0U);
  EXPECT_NE(access::profile_upload & ~rights_of_posix(6, false), 0U) << "without x nothing in it can be reached";
  EXPECT_EQ(rights_of_posix(5, false) & access::write_dac, 0U);
  EXPECT_NE(rights_of_posix(5, true) & access::write_dac, 0U) << "the owner may always set the mode";
  EXPECT_EQ(rights_of_posix(7, true) & access::write_owner, 0U);
  EXPECT_EQ(rights_of_posix(0, false, true), access::file_all);
}

}  // namespace
}  // namespace roamsync::testing
