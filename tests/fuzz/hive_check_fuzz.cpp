// Any bytes as a hive: the strict check ends, and its two forms agree.
#include <roamsync/hive_check.hpp>

#include "fuzz/hive_input.hpp"

using namespace roamsync;
using fuzz::require;

namespace {

void check(std::span<const std::byte> file) {
  const Verdict verdict = check_hive(file);
  const auto faults = all_hive_faults(file);
  require((verdict.state == HiveState::clean) == faults.empty(), "clean is the same as no faults");
  require((verdict.state == HiveState::clean) == (verdict.fault.rule == HiveRule::none), "a fault is named");
  if (faults.empty()) return;
  require(faults.front() == verdict.fault, "the first of all faults is the verdict's");
  require(verdict.fault.offset <= file.size(), "a fault lies in the file");
  require(!verdict.fault.expected.empty() && !verdict.fault.found.empty(), "a fault says what and instead of what");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = fuzz::bytes_of(data, size);
  check(input);
  check(fuzz::sealed_hive(input));
  return 0;
}
