#include <roamsync/error.hpp>

#include <gtest/gtest.h>

#include <cerrno>

namespace roamsync {
namespace {

TEST(Error, MessageNamesStepPathExpectedFoundAndCure) {
  const Error error(Errc::copy_mismatch, {.step = "verify",
                                          .path = "NTUSER.DAT.tmp",
                                          .expected = "digest 01",
                                          .found = "digest 02",
                                          .cure = "try again",
                                          .cause = std::make_error_code(std::errc::io_error)});
  EXPECT_EQ(error.message(),
            "verify: NTUSER.DAT.tmp: what was read back is not what was written; expected digest 01, found digest 02 "
            "(Input/output error); cure: try again");
}

TEST(Error, MessageSaysACauseOnce) {
  const auto none = std::make_error_code(std::errc::no_such_file_or_directory);
  const std::string message = Error(none, {.path = "a", .found = "no b", .cause = none}).message();
  EXPECT_EQ(message, "a: No such file or directory; found no b");
}

TEST(Error, EveryCodeHasANameATextAndARemedy) {
  for (int value = 1; value <= static_cast<int>(Errc::timed_out); ++value) {
    const std::error_code code = make_error_code(static_cast<Errc>(value));
    SCOPED_TRACE(value);
    EXPECT_NE(code_name(code), "unknown");
    EXPECT_EQ(code.message().find("unknown"), std::string::npos);
    EXPECT_NE(remedy_name(code), "");
  }
}

TEST(Error, SystemCodesCompareToRemedies) {
  EXPECT_EQ(std::error_code(ENOSPC, std::system_category()), Remedy::free_space);
  EXPECT_EQ(std::error_code(EDQUOT, std::system_category()), Remedy::free_space);
  EXPECT_EQ(std::error_code(EACCES, std::system_category()), Remedy::ask_an_administrator);
  EXPECT_EQ(std::error_code(EHOSTUNREACH, std::system_category()), Remedy::retry_later);
  EXPECT_NE(std::error_code(EIO, std::system_category()), Remedy::retry_later);
}

TEST(Error, WithinFillsOnlyTheBlanks) {
  const Error inner(Errc::no_space, {.path = "a/b", .cause = std::error_code(ENOSPC, std::system_category())});
  const Error outer = inner.within({.step = "stage", .path = "other"});
  EXPECT_EQ(outer.context().step, "stage");
  EXPECT_EQ(outer.context().path, "a/b");
  EXPECT_EQ(outer.context().cause.value(), ENOSPC);
  EXPECT_EQ(outer.code(), Errc::no_space);
}

TEST(Error, ResultCarriesTheErrorThroughTry) {
  const auto fails = []() -> Result<int> { return Error(Errc::cancelled); };
  const auto passes_on = [&]() -> Result<std::string> {
    BOOST_OUTCOME_TRY(const int value, fails());
    return std::to_string(value);
  };
  ASSERT_FALSE(passes_on());
  EXPECT_EQ(passes_on().error().code(), Errc::cancelled);
}

}  // namespace
}  // namespace roamsync
