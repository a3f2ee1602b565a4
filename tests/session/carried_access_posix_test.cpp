// Access lists that roam, between real folders with Samba's attribute.
#include <roamsync/disk_store.hpp>
#include <roamsync/security_attribute.hpp>
#include <roamsync/security_sddl.hpp>
#include <roamsync/session.hpp>

#include "support/hive_builder.hpp"
#include "support/result_matchers.hpp"
#include "support/sim_host.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <boost/filesystem.hpp>

#include <sys/xattr.h>

#include <fstream>
#include <optional>
#include <string>

namespace roamsync {
namespace {

using ::testing::HasSubstr;
using testing::TemporaryFolder;

constexpr const char* attribute_name = "user.NTACL";
constexpr const char* user = "S-1-5-21-1-2-3-1105";
const std::string profile_list = std::string("O:") + user + "G:DUD:P(A;OICI;FA;;;" + user + ")(A;OICI;FA;;;SY)";

SecurityDescriptor descriptor(const std::string& sddl) {
  auto parsed = parse_sddl(sddl, Sid(5, {21, 1, 2, 3}));
  EXPECT_OK(parsed);
  return parsed ? parsed.value() : SecurityDescriptor();
}

class CarriedAccess : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* side : {"local", "server", "state"}) boost::filesystem::create_directory(path(side));
    testing::Bytes hive = testing::build_hive({.root = {.name = u"ROOT"}});
    put("local/NTUSER.DAT", {reinterpret_cast<const char*>(hive.data()), hive.size()});
    put("local/Desktop/a.txt", "one");
    if (!set_list("state", profile_list)) GTEST_SKIP() << "this file system has no user attributes";
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  void put(const std::string& name, std::string_view bytes) const {
    boost::filesystem::create_directories(boost::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << bytes;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  bool set_bytes(const std::string& name, const std::string& bytes) const {
    return ::setxattr(path(name).c_str(), attribute_name, bytes.data(), bytes.size(), 0) == 0;
  }
  bool set_list(const std::string& name, const std::string& sddl) const {
    const auto bytes = write_nt_acl_attribute(descriptor(sddl));
    return set_bytes(name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  std::string list_bytes(const std::string& name) const {
    std::string value(4096, '\0');
    const ssize_t size = ::getxattr(path(name).c_str(), attribute_name, value.data(), value.size());
    value.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return value;
  }
  std::string list_of(const std::string& name) const {
    const std::string value = list_bytes(name);
    if (value.empty()) return "none";
    auto parsed = parse_nt_acl_attribute(std::as_bytes(std::span(value)));
    return parsed ? print_sddl(parsed.value().descriptor) : parsed.error().message();
  }

  // Both sides with lists of their own on everything, and in agreement.
  void agree() {
    ASSERT_TRUE(set_list("local", profile_list));
    ASSERT_TRUE(set_list("server", profile_list));
    ASSERT_TRUE(set_list("local/NTUSER.DAT", profile_list));
    ASSERT_TRUE(set_list("local/Desktop", profile_list));
    ASSERT_TRUE(set_list("local/Desktop/a.txt", profile_list));
    run(Direction::logoff);
    ASSERT_EQ(run(Direction::logoff).outcome, Outcome::nothing_to_do);
  }

  Report run(Direction direction) {
    auto local = open_disk_store({.root = path("local")});
    auto server = open_disk_store({.root = path("server")});
    auto state = open_disk_store({.root = path("state")});
    host_.advance(std::chrono::seconds(60));
    Session session(host_, {*local.value(), server.value().get(), *state.value()});
    auto report = direction == Direction::logoff ? session.log_off({}) : session.log_on({});
    EXPECT_OK(report);
    EXPECT_TRUE(report.value().outcome == Outcome::synced || report.value().outcome == Outcome::nothing_to_do)
        << report.value();
    return report.value();
  }

  static std::string told(const Report& report) {
    std::string text;
    for (const Notice& notice : report.notices) text += notice.text + '\n';
    return text;
  }

  TemporaryFolder folder_;
  testing::SimHost host_;
};

TEST_F(CarriedAccess, TheListTravelsAndTheOwnerDoesNot) {
  ASSERT_TRUE(set_list("local", profile_list));
  ASSERT_TRUE(set_list("server", profile_list));
  ASSERT_TRUE(set_list("local/Desktop/a.txt", "O:S-1-5-21-9-9-9-1000G:S-1-5-21-9-9-9-513D:P(A;;FA;;;SY)(A;;FR;;;WD)"));
  ASSERT_TRUE(set_list("local/Desktop", "O:S-1-5-21-9-9-9-1000D:P(A;OICI;FA;;;SY)"));
  run(Direction::logoff);
  EXPECT_EQ(list_of("server/Desktop/a.txt"),
            std::string("O:") + user + "G:S-1-5-21-1-2-3-513D:P(A;;FA;;;SY)(A;;FR;;;WD)");
  EXPECT_EQ(list_of("server/Desktop"), std::string("O:") + user + "G:S-1-5-21-1-2-3-513D:P(A;OICI;FA;;;SY)");
  EXPECT_EQ(list_of("server/NTUSER.DAT"),
            std::string("O:") + user + "G:S-1-5-21-1-2-3-513D:AI(A;ID;FA;;;" + user + ")(A;ID;FA;;;SY)")
      << "inherited, for the local hive has none of its own";
}

TEST_F(CarriedAccess, AListThatMeansTheSameStaysByteForByte) {
  ASSERT_TRUE(set_list("local", profile_list));
  ASSERT_TRUE(set_list("server", profile_list));
  ASSERT_TRUE(set_list("local/Desktop/a.txt", "O:SYD:(A;;FA;;;SY)(A;;0x120089;;;WD)"));
  run(Direction::logoff);
  // As a server writes it: another owner, another order, generic rights.
  ASSERT_TRUE(set_list("server/Desktop/a.txt", "O:BAG:BUD:(A;;GR;;;WD)(A;;GA;;;SY)"));
  const std::string before = list_bytes("server/Desktop/a.txt");
  put("local/Desktop/a.txt", "two");
  run(Direction::logoff);
  EXPECT_EQ(read("server/Desktop/a.txt"), "two");
  EXPECT_EQ(list_bytes("server/Desktop/a.txt"), before);
  ASSERT_TRUE(set_list("local/Desktop/a.txt", "O:SYD:(A;;FA;;;SY)"));
  put("local/Desktop/a.txt", "three");
  run(Direction::logoff);
  EXPECT_EQ(list_of("server/Desktop/a.txt"), "O:BAG:BUD:(A;;FA;;;SY)");
}

TEST_F(CarriedAccess, AReplacedFileKeepsItsListWhereTheWorkstationHasNone) {
  ASSERT_TRUE(set_list("server", profile_list));
  run(Direction::logoff);
  ASSERT_TRUE(set_list("server/Desktop/a.txt", "O:BAG:BUD:P(A;;FA;;;SY)(A;;FA;;;BA)"));
  const std::string before = list_bytes("server/Desktop/a.txt");
  put("local/Desktop/a.txt", "two");
  run(Direction::logoff);
  EXPECT_EQ(read("server/Desktop/a.txt"), "two");
  EXPECT_EQ(list_bytes("server/Desktop/a.txt"), before);
}

TEST_F(CarriedAccess, AStoreWithoutListsIsToldAndGetsNoStaleOnes) {
  ASSERT_TRUE(set_list("server", profile_list));
  ASSERT_TRUE(set_list("local/Desktop/a.txt", "D:(A;;FR;;;WD)")) << "passed on by whatever copied it here";
  run(Direction::logoff);
  EXPECT_THAT(list_of("server/Desktop/a.txt"), HasSubstr("(A;ID;FA;;;SY)"));
  EXPECT_THAT(list_of("server/Desktop/a.txt"), ::testing::Not(HasSubstr("FR")));

  boost::filesystem::remove_all(path("local/Desktop"));
  boost::filesystem::remove_all(path("state"));
  boost::filesystem::create_directory(path("state"));
  const Report on = run(Direction::logon);
  EXPECT_EQ(read("local/Desktop/a.txt"), "one");
  EXPECT_EQ(list_of("local/Desktop/a.txt"), "none");
  EXPECT_THAT(told(on), HasSubstr("local keeps no NT access lists"));
}

TEST_F(CarriedAccess, ADamagedListIsNotCarried) {
  ASSERT_TRUE(set_list("local", profile_list));
  ASSERT_TRUE(set_list("server", profile_list));
  ASSERT_TRUE(set_bytes("local/Desktop/a.txt", "rubbish"));
  run(Direction::logoff);
  EXPECT_THAT(list_of("server/Desktop/a.txt"), HasSubstr("(A;ID;FA;;;SY)"));
}

TEST_F(CarriedAccess, AListChangedAloneGoesUp) {
  agree();
  ASSERT_TRUE(set_list("local/Desktop/a.txt", "O:SYD:P(A;;FA;;;SY)(A;;FR;;;AN)"));
  ASSERT_TRUE(set_list("local/Desktop", "O:SYD:P(A;OICI;FA;;;SY)"));
  const Report report = run(Direction::logoff);
  EXPECT_EQ(report.outcome, Outcome::synced);
  EXPECT_EQ(report.uploaded, 1U);
  EXPECT_EQ(list_of("server/Desktop/a.txt"),
            std::string("O:") + user + "G:S-1-5-21-1-2-3-513D:P(A;;FA;;;SY)(A;;FR;;;AN)");
  EXPECT_EQ(list_of("server/Desktop"), std::string("O:") + user + "G:S-1-5-21-1-2-3-513D:P(A;OICI;FA;;;SY)");
  EXPECT_EQ(read("server/Desktop/a.txt"), "one");
  EXPECT_EQ(run(Direction::logoff).outcome, Outcome::nothing_to_do);
  EXPECT_EQ(run(Direction::logon).outcome, Outcome::nothing_to_do);
}

TEST_F(CarriedAccess, OneChangedOnTheServerComesDown) {
  agree();
  ASSERT_TRUE(set_list("server/Desktop/a.txt", "O:BAD:P(A;;FA;;;SY)(A;;FR;;;BA)"));
  ASSERT_TRUE(set_list("server/Desktop", "O:BAD:P(A;OICI;FA;;;BA)"));
  EXPECT_EQ(run(Direction::logoff).outcome, Outcome::nothing_to_do);
  EXPECT_EQ(run(Direction::logon).outcome, Outcome::synced);
  EXPECT_THAT(list_of("local/Desktop/a.txt"), HasSubstr("D:P(A;;FA;;;SY)(A;;FR;;;BA)"));
  EXPECT_THAT(list_of("local/Desktop"), HasSubstr("D:P(A;OICI;FA;;;BA)"));
  EXPECT_EQ(run(Direction::logoff).outcome, Outcome::nothing_to_do);
}

TEST_F(CarriedAccess, AListThatWasOnlyWrittenAnewIsNoChange) {
  agree();
  // The same rights, in another order and with another owner.
  ASSERT_TRUE(set_list("server/Desktop/a.txt", std::string("O:BAG:BUD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;") + user + ")"));
  ASSERT_TRUE(set_list("local/Desktop", std::string("O:BAG:BUD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;") + user + ")"));
  const std::string before = list_bytes("server/Desktop/a.txt");
  EXPECT_EQ(run(Direction::logoff).outcome, Outcome::nothing_to_do);
  EXPECT_EQ(run(Direction::logon).outcome, Outcome::nothing_to_do);
  EXPECT_EQ(list_bytes("server/Desktop/a.txt"), before);
}

TEST_F(CarriedAccess, OfTwoChangedListsTheServersCountsAndTheOtherVersionIsKept) {
  agree();
  ASSERT_TRUE(set_list("server/Desktop/a.txt", "O:BAD:P(A;;FA;;;SY)(A;;FR;;;BA)"));
  ASSERT_TRUE(set_list("local/Desktop/a.txt", "O:SYD:P(A;;FA;;;SY)(A;;FR;;;AN)"));
  const Report off = run(Direction::logoff);
  ASSERT_EQ(off.conflicts.size(), 1U);
  EXPECT_EQ(off.conflicts[0].kind, ConflictKind::access_differs);
  EXPECT_THAT(list_of("server/Desktop/a.txt"), HasSubstr("(A;;FR;;;BA)"));
  run(Direction::logon);
  EXPECT_THAT(list_of("local/Desktop/a.txt"), HasSubstr("(A;;FR;;;BA)"));
  const std::string kept = "server/.roamsync/history/2/Desktop/a.txt";
  EXPECT_EQ(read(kept), "one");
  EXPECT_EQ(list_of(kept), "O:BAD:P(A;;FA;;;SY)(A;;FR;;;AN)") << "its own list, and the owner that it has there";
}

TEST_F(CarriedAccess, WithoutListsOnEitherSideNothingIsSaidOrDone) {
  const Report report = run(Direction::logoff);
  EXPECT_EQ(told(report), "");
  EXPECT_EQ(list_of("server/Desktop/a.txt"), "none");
}

}  // namespace
}  // namespace roamsync
