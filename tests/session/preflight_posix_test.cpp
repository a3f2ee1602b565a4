// Preflight over real folders: rights as chmod, setfacl and Samba itself left them there.
#include <roamsync/disk_store.hpp>
#include <roamsync/preflight.hpp>
#include <roamsync/security_attribute.hpp>
#include <roamsync/security_posix.hpp>
#include <roamsync/security_sddl.hpp>

#include "support/result_matchers.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <boost/filesystem/operations.hpp>

#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace roamsync {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;

constexpr uid_t stranger = 65534;

struct ToolRun {
  int status = -1;
  std::string output;
};

ToolRun run(const std::string& command) {
  ToolRun result;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return result;
  char part[512];
  while (const std::size_t size = std::fread(part, 1, sizeof part, pipe)) result.output.append(part, size);
  result.status = ::pclose(pipe);
  return result;
}

class PreflightOnDisk : public ::testing::Test {
 protected:
  PreflightOnDisk() { ::chmod(path().c_str(), 0700); }

  std::string path() const { return folder_.path().string(); }

  AccessFacts facts() const {
    auto store = open_disk_store({.root = folder_.path()});
    EXPECT_OK(store);
    auto found = store.value()->access_facts(ProfilePath());
    EXPECT_OK(found);
    return found.value();
  }
  AccessFinding judge(const AccessInquiry& inquiry = {}) const { return judge_access(facts(), inquiry, path()); }

  std::vector<std::string> missing(const AccessInquiry& inquiry = {}) const {
    return access_names(judge(inquiry).explanation.missing);
  }

  /// Samba's own Python binding packs a descriptor into the attribute, in this version of it.
  ToolRun write_with_samba(const std::string& sddl, int version) const {
    return run(
        "/usr/bin/python3 -c '\n"
        "import sys, os\n"
        "from samba.dcerpc import xattr, security\n"
        "from samba.ndr import ndr_pack\n"
        "sddl, version, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]\n"
        "sd = security.descriptor.from_sddl(sddl, security.dom_sid(\"S-1-5-21-1-2-3\"))\n"
        "acl = xattr.NTACL()\n"
        "acl.version = version\n"
        "if version == 1:\n"
        "    acl.info = sd\n"
        "else:\n"
        "    hashed = getattr(xattr, \"security_descriptor_hash_v%d\" % version)()\n"
        "    hashed.sd = sd\n"
        "    hashed.hash = [1] * (16 if version == 2 else 64)\n"
        "    if version > 2: hashed.hash_type = 1\n"
        "    if version > 3:\n"
        "        hashed.description = \"posix_acl\"\n"
        "        hashed.sys_acl_hash = [2] * 64\n"
        "    acl.info = hashed\n"
        "os.setxattr(path, \"user.NTACL\", ndr_pack(acl))\n"
        "' '" +
        sddl + "' " + std::to_string(version) + " '" + path() + "'");
  }

  TemporaryFolder folder_;
};

TEST_F(PreflightOnDisk, APrivateFolderOfTheUserIsEnough) {
  EXPECT_THAT(missing(), IsEmpty());
  EXPECT_EQ(facts().allows, posix_bit::all);
  EXPECT_EQ(facts().ownership->owner, ::geteuid());
  EXPECT_EQ(facts().ownership->mode, 0700U);
}

TEST_F(PreflightOnDisk, WhatSambaWroteIsJudgedInEveryVersion) {
  for (int version = 1; version <= 4; ++version) {
    SCOPED_TRACE(version);
    const std::string sid = "S-1-5-21-1-2-3-1105";
    const ToolRun written =
        write_with_samba("O:" + sid + "G:DUD:PAI(A;OICI;0x1f01ff;;;SY)(A;OICI;0x1301bf;;;OW)", version);
    if (written.output.find("No module named 'samba'") != std::string::npos || written.status == 127 << 8) {
      GTEST_SKIP() << "python3-samba is not installed: " << written.output;
    }
    if (written.output.find("not supported") != std::string::npos) GTEST_SKIP() << "no attributes here";
    ASSERT_EQ(written.status, 0) << written.output;
    EXPECT_THAT(missing(), ElementsAre("WRITE_DAC")) << "OWNER RIGHTS take it from the owner";
    EXPECT_THAT(judge().sources.front(), "user.NTACL, version " + std::to_string(version));
    ASSERT_EQ(
        write_with_samba("O:" + sid + "G:DUD:PAI(A;OICI;0x1f01ff;;;SY)(A;OICI;0x1f01ff;;;" + sid + ")", version).status,
        0);
    EXPECT_THAT(missing(), IsEmpty());
    EXPECT_THAT(missing({.user = {Sid(5, {21, 1, 2, 3, 1106})}}), ::testing::Contains("WRITE_DATA"));
  }
}

// What it sets through its own file server code, as an administrator would with samba-tool.
TEST_F(PreflightOnDisk, WhatSambasToolSetIsJudged) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to write a security attribute";
  const ToolRun set =
      run("/usr/bin/python3 -c '\n"
          "import sys\n"
          "from samba import ntacls\n"
          "from samba.param import LoadParm\n"
          "from samba.dcerpc import security\n"
          "from samba.auth import system_session\n"
          "lp = LoadParm()\n"
          "ntacls.setntacl(lp, sys.argv[1], sys.argv[2], security.dom_sid(\"S-1-5-21-1-2-3\"),\n"
          "                system_session(lp), use_ntvfs=True)\n"
          "' '" +
          path() + "' 'O:S-1-5-21-1-2-3-1105G:DUD:(A;OICI;0x1301bf;;;OW)'");
  if (set.output.find("No module named 'samba'") != std::string::npos || set.status == 127 << 8) {
    GTEST_SKIP() << "python3-samba is not installed: " << set.output;
  }
  ASSERT_EQ(set.status, 0) << set.output;
  if (::getxattr(path().c_str(), "security.NTACL", nullptr, 0) < 0) GTEST_SKIP() << "no security attributes here";
  EXPECT_THAT(missing(), ElementsAre("WRITE_DAC"));
  EXPECT_EQ(judge().sources.front(), "security.NTACL, version 1");
}

// The other way round: Samba reads what roamsync writes.
TEST_F(PreflightOnDisk, SambaReadsTheAttributeThatIsWrittenHere) {
  const std::string sddl = "O:S-1-5-21-1-2-3-1105G:S-1-5-21-1-2-3-513D:P(A;OICI;0x1f01ff;;;SY)";
  const auto bytes = write_nt_acl_attribute(parse_sddl(sddl).value());
  if (::setxattr(path().c_str(), "user.NTACL", bytes.data(), bytes.size(), 0) != 0)
    GTEST_SKIP() << "no attributes here";
  const ToolRun seen =
      run("/usr/bin/python3 -c '\n"
          "import sys, os\n"
          "from samba.dcerpc import xattr\n"
          "from samba.ndr import ndr_unpack\n"
          "print(ndr_unpack(xattr.NTACL, os.getxattr(sys.argv[1], \"user.NTACL\")).info.as_sddl())\n"
          "' '" +
          path() + "'");
  if (seen.output.find("No module named 'samba'") != std::string::npos || seen.status == 127 << 8) {
    GTEST_SKIP() << "python3-samba is not installed: " << seen.output;
  }
  EXPECT_EQ(seen.output, sddl.substr(0, sddl.find("0x")) + "0x001f01ff;;;SY)\n");
}

TEST_F(PreflightOnDisk, APosixListIsReadAndJudgedForANamedUser) {
  const ToolRun set = run("setfacl -m u:" + std::to_string(stranger) + ":rwx '" + path() + "'");
  if (set.status != 0) GTEST_SKIP() << "setfacl: " << set.output;
  EXPECT_THAT(missing({.user = {sid_of_posix_user(stranger)}}), IsEmpty());
  EXPECT_THAT(judge().sources, ElementsAre("POSIX owner and access list"));
  ASSERT_EQ(run("setfacl -m m::r-x '" + path() + "'").status, 0);
  EXPECT_THAT(missing({.user = {sid_of_posix_user(stranger)}}), ::testing::Contains("WRITE_DATA"));
}

// As a user without privileges; the cure is then carried out as it stands and must cure.
TEST_F(PreflightOnDisk, TheCureForAnotherUserIsACommandThatCures) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to ask as another user";
  ASSERT_EQ(::chmod(path().c_str(), 0755), 0);
  const auto as_stranger = [&](auto look) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      if (::setgid(stranger) != 0 || ::setuid(stranger) != 0) ::_exit(1);
      const std::string text = look();
      const bool whole = ::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
      ::_exit(whole ? 0 : 1);
    }
    ::close(ends[1]);
    std::string text;
    char part[512];
    for (ssize_t size; (size = ::read(ends[0], part, sizeof part)) > 0;)
      text.append(part, static_cast<std::size_t>(size));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    return text;
  };
  const std::string sentence = as_stranger([&] { return judge().explanation.sentence(); });
  EXPECT_THAT(sentence, HasSubstr("everybody else has r-x"));
  EXPECT_THAT(sentence, HasSubstr("WRITE_DATA"));
  for (const std::size_t command : {std::size_t{1}, std::size_t{0}}) {
    std::string cure = as_stranger([&] { return judge().explanation.cures.at(0).commands.at(command); });
    if (cure.starts_with("or: ")) cure.erase(0, 4);
    const ToolRun cured = run(cure);
    ASSERT_EQ(cured.status, 0) << cure << ": " << cured.output;
    EXPECT_EQ(as_stranger([&] { return judge().explanation.sentence(); }), "") << cure;
    ASSERT_EQ(::chown(path().c_str(), 0, 0), 0);
    ASSERT_EQ(run("setfacl -b '" + path() + "'").status, 0);
  }
}

}  // namespace
}  // namespace roamsync
