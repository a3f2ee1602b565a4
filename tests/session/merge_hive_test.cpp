// Merging hives: what the base is afterwards, that nothing changed means nothing to do, and that what loses is kept.
#include <roamsync/hive.hpp>
#include <roamsync/hive_diff.hpp>

#include "session/machines.hpp"

#include "support/small_faults.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::read;
using testing::text_value;

std::string make_hive(std::vector<std::pair<std::u16string, std::u16string>> keys) {
  testing::HiveSpec spec{.root = {.name = u"ROOT"}};
  for (auto& [name, value] : keys) spec.root.subkeys.push_back({.name = name, .values = {text_value(u"V", value)}});
  return testing::text_of_bytes(testing::build_hive(spec));
}

// The paths in which two hives differ.
std::vector<std::string> differences(const std::string& left, const std::string& right) {
  const auto open = [](const std::string& bytes) { return hive::Hive::open(std::as_bytes(std::span(bytes))); };
  const auto before = open(left);
  const auto after = open(right);
  EXPECT_OK(before);
  EXPECT_OK(after);
  std::vector<std::string> paths;
  if (!before || !after) return {"no hive"};
  hive::diff_hives(before.value().root(), after.value().root(),
                   [&](const hive::Change& change) { paths.emplace_back(change.path); });
  return paths;
}

class MergeAtLogonTest : public testing::SessionTest {
 protected:
  // A deletes one key and changes another and publishes; B has changed a third one and merges at its logon.
  void merge_at_logon() {
    a.put("NTUSER.DAT", make_hive({{u"Gone", u"1"}, {u"Left", u"1"}, {u"Right", u"1"}}));
    ASSERT_OK(a.log_off(*server, merging_));
    ASSERT_OK(b.log_on(*server, merging_));
    a.put("NTUSER.DAT", make_hive({{u"Left", u"2"}, {u"Right", u"1"}}));
    ASSERT_OK(a.log_off(*server, merging_));
    b.put("NTUSER.DAT", make_hive({{u"Gone", u"1"}, {u"Left", u"1"}, {u"Right", u"2"}}));
    const auto on = b.log_on(*server, merging_);
    ASSERT_OK(on);
    ASSERT_EQ(on.value().hive, HiveChoice::merged) << on.value();
    ASSERT_THAT(differences(read(*b.local, "NTUSER.DAT"), merged_), IsEmpty());
  }

  const SessionOptions merging_{.policy = &merges()};
  const std::string merged_ = make_hive({{u"Left", u"2"}, {u"Right", u"2"}});
};

TEST_F(MergeAtLogonTest, AnotherLogonWithNothingChangedDoesNothing) {
  merge_at_logon();
  const std::string hive = read(*b.local, "NTUSER.DAT");
  for (int again = 0; again < 2; ++again) {
    const auto on = b.log_on(*server, merging_);
    ASSERT_OK(on);
    EXPECT_EQ(on.value().outcome, Outcome::nothing_to_do) << on.value();
    EXPECT_THAT(on.value().conflicts, IsEmpty());
    EXPECT_TRUE(read(*b.local, "NTUSER.DAT") == hive);
  }
}

TEST_F(MergeAtLogonTest, TheMergedHiveIsAChangeOfThisMachineAndGoesUpUnasked) {
  merge_at_logon();
  const auto status = Session(b.host, {*b.local, server.get(), *b.state}).status({});
  ASSERT_OK(status);
  EXPECT_THAT(status.value().changed_here, ElementsAre(ProfilePath::literal("NTUSER.DAT")));
  EXPECT_THAT(status.value().changed_on_server, IsEmpty());
  const auto up = b.log_off(*server, {.policy = &asks()});
  ASSERT_OK(up);
  EXPECT_EQ(up.value().outcome, Outcome::synced) << up.value();
  EXPECT_THAT(up.value().conflicts, IsEmpty());
  EXPECT_THAT(differences(read(*server, "NTUSER.DAT"), merged_), IsEmpty());
  const auto on = b.log_on(*server, merging_);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::nothing_to_do) << on.value();
}

// The base of the next merge is the server's hive of that logon, also when the server keeps no history of it.
TEST_F(MergeAtLogonTest, TheNextMergeBeginsWithTheHiveTheServerHadThen) {
  merge_at_logon();
  a.put("NTUSER.DAT", make_hive({{u"New", u"1"}, {u"Right", u"1"}}));  // Left is deleted
  ASSERT_OK(a.log_off(*server, merging_));
  ASSERT_OK(remove_tree(*server, ProfilePath::literal(".roamsync/history")));
  const auto up = b.log_off(*server, merging_);
  ASSERT_OK(up);
  EXPECT_EQ(up.value().hive, HiveChoice::merged) << up.value();
  EXPECT_THAT(differences(read(*server, "NTUSER.DAT"), make_hive({{u"New", u"1"}, {u"Right", u"2"}})), IsEmpty());
  // And what went up is what B fetches, without a question.
  ASSERT_OK(b.log_on(*server, {.policy = &asks()}));
  EXPECT_TRUE(read(*b.local, "NTUSER.DAT") == read(*server, "NTUSER.DAT"));
}

// A and B have set the same value in two ways, and A's, the greater, counts.
class LostSettingTest : public testing::SessionTest {
 protected:
  void change_on_both(const std::string& of_b) {
    a.put("NTUSER.DAT", make_hive({{u"Both", u"1"}}));
    ASSERT_OK(a.log_off(*server, merging_));
    ASSERT_OK(b.log_on(*server, merging_));
    a.put("NTUSER.DAT", make_hive({{u"A", u"1"}, {u"Both", u"9"}}));
    ASSERT_OK(a.log_off(*server, merging_));
    b.put("NTUSER.DAT", of_b);
  }

  const SessionOptions merging_{.policy = &merges()};
  const std::string of_b_ = make_hive({{u"B", u"1"}, {u"Both", u"2"}});
  const std::string merged_ = make_hive({{u"A", u"1"}, {u"B", u"1"}, {u"Both", u"9"}});
};

TEST_F(LostSettingTest, AtLogonTheLocalHiveIsKept) {
  change_on_both(of_b_);
  const auto on = b.log_on(*server, merging_);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().hive, HiveChoice::merged) << on.value();
  EXPECT_THAT(differences(read(*b.local, "NTUSER.DAT"), merged_), IsEmpty());
  EXPECT_TRUE(read(*b.state, "lost-hive") == of_b_);
  EXPECT_THAT(on.value().notices, Contains(Field(&Notice::text, HasSubstr("lost-hive"))));
}

TEST_F(LostSettingTest, AtLogoffItIsKeptForTheNextLogonTakesItsPlace) {
  change_on_both(of_b_);
  const auto off = b.log_off(*server, merging_);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().hive, HiveChoice::merged) << off.value();
  EXPECT_THAT(differences(read(*server, "NTUSER.DAT"), merged_), IsEmpty());
  ASSERT_OK(b.log_on(*server, merging_));
  EXPECT_THAT(differences(read(*b.local, "NTUSER.DAT"), merged_), IsEmpty());
  EXPECT_TRUE(read(*b.state, "lost-hive") == of_b_);
}

TEST_F(LostSettingTest, WhereTheServersLostItIsInItsHistoryAnyway) {
  change_on_both(make_hive({{u"B", u"1"}, {u"Both", u"99"}}));
  const std::string of_a = read(*server, "NTUSER.DAT");
  ASSERT_OK(b.log_off(*server, merging_));
  EXPECT_TRUE(read(*server, ".roamsync/history/2/NTUSER.DAT") == of_a);
  EXPECT_FALSE(b.state->content().contains(ProfilePath::literal("lost-hive")));
}

TEST_F(LostSettingTest, NothingIsMergedWhereItCannotBeKept) {
  change_on_both(of_b_);
  const auto before = read(*server, "NTUSER.DAT");
  testing::Full state(*b.state);
  const auto off = Session(b.host, {*b.local, server.get(), state}).log_off(merging_);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::refused) << off.value();
  ASSERT_TRUE(off.value().cause.has_value());
  EXPECT_THAT(off.value().cause->message(), HasSubstr("keep the local hive: "));
  EXPECT_THAT(off.value().cause->message(), HasSubstr("lost-hive"));
  EXPECT_TRUE(read(*server, "NTUSER.DAT") == before);
  EXPECT_TRUE(read(*b.local, "NTUSER.DAT") == of_b_);
}

}  // namespace
}  // namespace roamsync
