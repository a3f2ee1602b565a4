/// @file
/// Assertions on Result: they print the whole error, not "false".
#pragma once

#include <roamsync/error.hpp>

#include <gtest/gtest.h>

namespace roamsync::testing {

template <class R>
::testing::AssertionResult is_ok(const R& result) {
  if (result.has_value()) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "error " << code_name(result.error().code()) << ": "
                                       << result.error().message();
}

template <class R, class Code>
::testing::AssertionResult fails_with(const R& result, Code code) {
  if (result.has_value()) return ::testing::AssertionFailure() << "no error";
  if (result.error().code() == code) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "error " << code_name(result.error().code()) << ": "
                                       << result.error().message();
}

}  // namespace roamsync::testing

#define EXPECT_OK(expression) EXPECT_TRUE(::roamsync::testing::is_ok(expression))
#define ASSERT_OK(expression) ASSERT_TRUE(::roamsync::testing::is_ok(expression))
#define EXPECT_FAILS(expression, code) EXPECT_TRUE(::roamsync::testing::fails_with(expression, code))
#define ASSERT_FAILS(expression, code) ASSERT_TRUE(::roamsync::testing::fails_with(expression, code))
