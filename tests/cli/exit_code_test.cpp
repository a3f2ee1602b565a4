#include "cli/exit_code.hpp"

#include "cli/usage_error.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace roamsync::cli {
namespace {

Error system_error(int value) { return Error(std::error_code(value, std::system_category())); }

TEST(ExitCode, OfOurCodesIsThatOfSysexits) {
  EXPECT_EQ(exit_code_of(Errc::decision_needed), 2);
  EXPECT_EQ(exit_code_of(Errc::not_supported), 64);
  EXPECT_EQ(exit_code_of(Errc::hive_corrupt), 65);
  EXPECT_EQ(exit_code_of(Errc::record_damaged), 65);
  EXPECT_EQ(exit_code_of(Errc::server_unavailable), 69);
  EXPECT_EQ(exit_code_of(Errc::upload_forbidden), 69);
  EXPECT_EQ(exit_code_of(Errc::no_space), 73);
  EXPECT_EQ(exit_code_of(Errc::over_quota), 73);
  EXPECT_EQ(exit_code_of(Errc::copy_mismatch), 74);
  EXPECT_EQ(exit_code_of(Errc::hive_in_use), 75);
  EXPECT_EQ(exit_code_of(Errc::publish_running), 75);
  EXPECT_EQ(exit_code_of(Errc::timed_out), 75);
  EXPECT_EQ(exit_code_of(Errc::wrong_owner), 77);
  EXPECT_EQ(exit_code_of(Errc::share_lacks_write_dac), 77);
  EXPECT_EQ(exit_code_of(Errc::cancelled), 130);
}

TEST(ExitCode, OfSystemCodesSaysWhatCanBeDone) {
  EXPECT_EQ(exit_code_of(system_error(ENOSPC)), 73);
  EXPECT_EQ(exit_code_of(system_error(EDQUOT)), 73);
  EXPECT_EQ(exit_code_of(system_error(EACCES)), 77);
  EXPECT_EQ(exit_code_of(system_error(EROFS)), 77);
  EXPECT_EQ(exit_code_of(system_error(EHOSTUNREACH)), 69);
  EXPECT_EQ(exit_code_of(system_error(EBUSY)), 75);
  EXPECT_EQ(exit_code_of(system_error(EIO)), 74);
}

TEST(ExitCode, OfAMistakeOnTheCommandLineIsUsage) { EXPECT_EQ(exit_code_of(usage_error("no such thing")), 64); }

}  // namespace
}  // namespace roamsync::cli
