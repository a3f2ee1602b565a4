/// @file
/// What every Store owes, as a suite over all of them.
///
/// To put a store of your own through it: derive StoreUnderTest, and name ways to make it in a file beside this one:
///
///     INSTANTIATE_TEST_SUITE_P(MyStore, StoreConformance, Values(StoreKind{"plain", make_my_store}), name_of_kind);
///
/// What a store may lack is told by its traits; the suite asks them.
#pragma once

#include <roamsync/store.hpp>

#include "support/result_matchers.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <string>

namespace roamsync::testing {

class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  /// The same store each time; empty at first.
  virtual Store& store() = 0;
};

struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<StoreUnderTest>()> make;
};

inline void PrintTo(const StoreKind& kind, std::ostream* out) { *out << kind.name; }
inline std::string name_of_kind(const ::testing::TestParamInfo<StoreKind>& info) { return info.param.name; }

class StoreConformance : public ::testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override { under_test_ = GetParam().make(); }

  Store& store() { return under_test_->store(); }
  StoreTraits traits() { return store().traits(); }

  static ProfilePath at(std::string_view text) { return ProfilePath::literal(text); }

  /// A whole file in the calls a caller would make; its entry.
  Result<Entry> put(std::string_view path, std::string_view text, const FileAttributes& attributes = {});
  Result<std::string> contents(std::string_view path);
  /// The names in a folder, sorted.
  std::vector<std::string> names(std::string_view directory = "");
  Result<Entry> entry(std::string_view path);

 private:
  std::unique_ptr<StoreUnderTest> under_test_;
};

std::span<const std::byte> bytes_of(std::string_view text);

}  // namespace roamsync::testing
