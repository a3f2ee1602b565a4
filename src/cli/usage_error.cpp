#include "cli/usage_error.hpp"

namespace roamsync::cli {
namespace {

class UsageCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "usage"; }
  std::string message(int) const override { return "the command line cannot be carried out"; }
};

const UsageCategory usage_category;

}  // namespace

Error usage_error(std::string sentence, std::string cure) {
  return Error(std::error_code(1, usage_category), {.found = std::move(sentence), .cure = std::move(cure)});
}

bool is_usage_error(const Error& error) noexcept { return error.code().category() == usage_category; }

}  // namespace roamsync::cli
