// Any bytes as a damaged hive: lenient reading ends, and what it finds can be written as a clean hive.
#include <roamsync/hive_tree.hpp>

#include "fuzz/hive_input.hpp"

using namespace roamsync;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = fuzz::bytes_of(data, size);
  const hive::Rescue rescue = hive::rescue_hive(input);
  require(rescue.complete == rescue.warnings.empty(), "complete means no warnings");
  if (rescue.tree.root.security.empty()) return 0;  // no root to be found
  const auto written = hive::write_hive(rescue.tree.root);
  require(written.has_value(), "what is rescued can be written");
  const auto hive = hive::Hive::open(written.value());
  require(hive.has_value(), "what is written is clean");
  require(hive::same_tree(rescue.tree.root, hive.value().root()), "what is written is what was rescued");
  return 0;
}
