#include <roamsync/security_access.hpp>
#include <roamsync/security_sddl.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "security/alices_token.hpp"
#include "security/random_descriptor.hpp"
#include "support/result_matchers.hpp"

namespace roamsync {
namespace {

using testing::alice;
using testing::domain;
using testing::user;

AccessMask granted(std::string_view sddl, const Token& token = user) {
  return granted_access(parse_sddl(sddl, domain).value(), token);
}

TEST(AccessCheck, TheFirstEntryThatSpeaksOfABitDecides) {
  EXPECT_EQ(granted("D:(D;;WD;;;AU)(A;;FA;;;WD)"), access::file_all & ~access::write_dac);
  EXPECT_EQ(granted("D:(A;;FA;;;WD)(D;;WD;;;AU)"), access::file_all);
  EXPECT_EQ(granted("D:(A;;FR;;;BU)(A;;FX;;;DU)(A;;FA;;;BA)"), access::share_read);
}

TEST(AccessCheck, NoDaclGrantsAllAndAnEmptyOneNothing) {
  EXPECT_EQ(granted("O:BA"), access::file_all);
  EXPECT_EQ(granted("O:BAD:NO_ACCESS_CONTROL"), access::file_all);
  EXPECT_EQ(granted("O:BAD:"), 0U);
}

TEST(AccessCheck, TheOwnerMayReadAndWriteTheListWithoutAnyEntry) {
  EXPECT_EQ(granted("O:S-1-5-21-1-2-3-1105D:"), access::read_control | access::write_dac);
  EXPECT_EQ(granted("O:S-1-5-21-1-2-3-1105D:(D;;FA;;;WD)"), access::read_control | access::write_dac);
  EXPECT_EQ(granted("O:S-1-5-21-1-2-3-1106D:"), 0U);
}

TEST(AccessCheck, AnEntryForOwnerRightsReplacesWhatTheOwnerHasImplicitly) {
  EXPECT_EQ(granted("O:S-1-5-21-1-2-3-1105D:(A;;RC;;;OW)"), access::read_control);
  EXPECT_EQ(granted("O:S-1-5-21-1-2-3-1105D:(D;;WD;;;OW)(A;;FA;;;WD)"), access::file_all & ~access::write_dac);
  EXPECT_EQ(granted("O:BAD:(A;;RC;;;OW)"), 0U);
  // One that is only there for children takes nothing away.
  EXPECT_EQ(granted("O:S-1-5-21-1-2-3-1105D:(A;OICIIO;RC;;;OW)"), access::read_control | access::write_dac);
}

TEST(AccessCheck, InheritOnlyEntriesSayNothingHere) {
  EXPECT_EQ(granted("D:(A;OICIIO;FA;;;WD)(A;;FR;;;WD)"), access::file_read);
  EXPECT_EQ(granted("D:(D;OICIIO;FA;;;WD)(A;;FR;;;WD)"), access::file_read);
}

TEST(AccessCheck, GenericRightsMeanWhatTheMappingSays) {
  EXPECT_EQ(granted("D:(A;;GA;;;WD)"), access::file_all);
  const auto key = parse_sddl("D:(A;;GR;;;WD)").value();
  EXPECT_EQ(granted_access(key, user, key_mapping), key_mapping.read);
  EXPECT_TRUE(check_access(key, user, access::generic_read, key_mapping).is_granted);
}

TEST(AccessCheck, MaximumAllowedAnswersWithWhateverThereIs) {
  const auto read = parse_sddl("D:(A;;FR;;;WD)").value();
  EXPECT_TRUE(check_access(read, user, access::maximum_allowed).is_granted);
  EXPECT_EQ(check_access(read, user, access::maximum_allowed).granted, access::file_read);
  EXPECT_FALSE(check_access(read, user, access::maximum_allowed | access::write_dac).is_granted);
  EXPECT_FALSE(check_access(parse_sddl("D:").value(), user, access::maximum_allowed).is_granted);
}

TEST(AccessCheck, PrivilegesGrantWhatNoEntryCan) {
  const auto all = parse_sddl("D:(A;;0x1ff01ff;;;WD)").value();
  EXPECT_FALSE(check_access(all, user, access::system_security).is_granted);
  const auto nothing = parse_sddl("D:(D;;FA;;;WD)").value();
  EXPECT_EQ(granted_access(nothing, Token(alice, {}, {.security = true})), access::system_security);
  EXPECT_EQ(granted_access(nothing, Token(alice, {}, {.take_ownership = true})), access::write_owner);
  EXPECT_TRUE(check_access(nothing, Token(alice, {}, {.backup = true}), access::share_read).is_granted);
  EXPECT_TRUE(check_access(nothing, Token(alice, {}, {.restore = true}), access::write_dac).is_granted);
}

TEST(AccessCheck, EntriesWithAGuidDenyButDoNotGrant) {
  const std::string guid = "f30e3bbe-9ff0-11d1-b603-0000f80367c1";
  EXPECT_EQ(granted("D:(OA;;FA;" + guid + ";;WD)"), 0U);
  EXPECT_EQ(granted("D:(OA;;FA;;" + guid + ";WD)"), access::file_all);
  EXPECT_EQ(granted("D:(OD;;WD;" + guid + ";;WD)(A;;FA;;;WD)"), access::file_all & ~access::write_dac);
}

// KB Q255113: the files are the user's own, and the share grants Change.
TEST(ShareAccess, TheOwnersImplicitRightsDoNotPassAShareThatLacksThem) {
  const auto share = parse_sddl("O:BAG:SYD:(A;;0x1301bf;;;WD)").value();
  const auto file = parse_sddl("O:S-1-5-21-1-2-3-1105D:(A;;FA;;;S-1-5-21-1-2-3-1105)").value();
  const AccessMask effective = effective_access(share_access(share, user), granted_access(file, user));
  EXPECT_EQ(effective, access::share_change);
  EXPECT_EQ(effective & access::write_dac, 0U);
}

TEST(ShareAccess, AReadOnlyShareCapsWritesWhateverItsMaskShows) {
  const auto full = parse_sddl("D:(A;;FA;;;WD)").value();
  EXPECT_EQ(share_access(full, user, true).shown, access::file_all);
  EXPECT_EQ(share_access(full, user, true).passes, access::share_read);
  // What a server with `read only = yes` shows: WRITE_DAC is there, and setting an ACL is refused all the same.
  EXPECT_EQ(share_access(0x001F00A9).passes, access::share_read);
  EXPECT_EQ(share_access(0x101F01FF).passes, access::file_all);
  EXPECT_EQ(share_access(0x80120089).passes, access::file_read);
  EXPECT_EQ(share_access(0x001301FF).passes, 0x001301FFU);
}

TEST(ShareAccess, AShareWithoutAListPassesEverything) {
  EXPECT_EQ(share_access(SecurityDescriptor{}, user).passes, access::file_all);
}

// The same rules written once more, one bit at a time and over texts.
bool naive_is_granted(const SecurityDescriptor& descriptor, const Token& token, AccessMask bit) {
  std::vector<std::string> names;
  for (const Sid& sid : token.sids()) names.push_back(sid.text());
  const auto in_token = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const bool owns = descriptor.owner.has_value() && in_token(descriptor.owner->text());
  if (bit == access::system_security) {
    return token.privileges().security || token.privileges().backup || token.privileges().restore;
  }
  if (bit == access::write_owner && token.privileges().take_ownership) return true;
  if (token.privileges().backup && (0x001200A9 & bit) != 0) return true;
  if (token.privileges().restore && (0x001F0116 & bit) != 0) return true;
  if (!descriptor.dacl.has_value()) return true;

  std::vector<Ace> aces;
  for (const AceView view : *descriptor.dacl) {
    if (view.is_known() && (view.flags() & 0x08) == 0) aces.push_back(view.ace());
  }
  const auto type_is = [](const Ace& ace, std::initializer_list<int> types) {
    return std::find(types.begin(), types.end(), static_cast<int>(ace.type)) != types.end();
  };
  bool owner_limited = false;
  for (const Ace& ace : aces) {
    if (ace.sid.text() == "S-1-3-4" && type_is(ace, {0, 1, 5, 6, 9, 10, 11, 12})) owner_limited = true;
  }
  if (owns && !owner_limited && (bit == 0x20000 || bit == 0x40000)) return true;
  for (const Ace& ace : aces) {
    AccessMask mask = ace.mask & 0x0FFFFFFF;
    if ((ace.mask & 0x80000000) != 0) mask |= 0x00120089;
    if ((ace.mask & 0x40000000) != 0) mask |= 0x00120116;
    if ((ace.mask & 0x20000000) != 0) mask |= 0x001200A0;
    if ((ace.mask & 0x10000000) != 0) mask |= 0x001F01FF;
    if ((mask & bit) == 0) continue;
    const std::string name = ace.sid.text();
    if (!in_token(name) && !(owns && name == "S-1-3-4")) continue;
    if (type_is(ace, {1, 6, 10, 12})) return false;
    if (type_is(ace, {0})) return true;
    if (type_is(ace, {5}) && !ace.object_type) return true;
  }
  return false;
}

TEST(AccessCheck, AgreesWithASecondImplementationOnRandomDescriptorsAndTokens) {
  testing::RandomDescriptors random(20261121);
  std::size_t granted_count = 0;
  std::size_t refused_count = 0;
  for (int round = 0; round < 5000; ++round) {
    const SecurityDescriptor descriptor = random.descriptor();
    const Token token = random.token();
    SCOPED_TRACE(print_sddl(descriptor));
    AccessMask expected = 0;
    for (AccessMask bit = 1; bit <= access::system_security; bit <<= 1) {
      if (naive_is_granted(descriptor, token, bit)) expected |= bit;
    }
    const AccessMask known = descriptor.dacl ? 0x01FF'FFFF : access::file_all | access::system_security;
    ASSERT_EQ(granted_access(descriptor, token), expected & known);
    const AccessMask desired = random.mask() & 0x01FF'FFFF;
    const AccessDecision decision = check_access(descriptor, token, desired);
    ASSERT_EQ(decision.is_granted, (desired & ~expected) == 0);
    ASSERT_EQ(decision.granted, desired & expected);
    ++(decision.is_granted ? granted_count : refused_count);
  }
  EXPECT_GT(granted_count, 300U);
  EXPECT_GT(refused_count, 1000U);
}

}  // namespace
}  // namespace roamsync
