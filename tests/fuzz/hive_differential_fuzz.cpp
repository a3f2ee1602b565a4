// The strict check against everything that reads: what it calls clean is read whole by all, and comes back from the writer.
#include <roamsync/hive_diff.hpp>

#include "fuzz/hive_input.hpp"

using namespace roamsync;
using fuzz::require;

namespace {

void count(hive::Key key, HiveInfo& info) {
  ++info.keys;
  for (const hive::Value value : key.values()) {
    require(value.data().bytes().size() == value.data().size(), "data is there to its end");
    ++info.values;
  }
  for (const hive::Key subkey : key.subkeys()) {
    const auto found = key.subkey(subkey.name());
    require(found && found->file_offset() == subkey.file_offset(), "every key is found by its name");
    count(subkey, info);
  }
}

void check(std::span<const std::byte> file) {
  const HiveInspection seen = inspect_hive(file);
  const hive::Rescue rescue = hive::rescue_hive(file);
  if (seen.verdict.state != HiveState::clean) return;
  const hive::Hive hive = hive::Hive::open(file).value();
  HiveInfo counted;
  count(hive.root(), counted);
  require(counted.keys == seen.info.keys && counted.values == seen.info.values, "the check counts what is there");
  require(rescue.complete, "a clean hive is rescued without a warning");
  require(hive::same_tree(rescue.tree.root, hive.root()), "strict and lenient reading agree");
  const hive::KeyNode tree = hive::read_tree(hive.root());
  const auto written = hive::write_hive(tree, {.minor = seen.info.minor});
  require(written.has_value(), "a clean hive can be written");
  const auto again = hive::Hive::open(written.value());
  require(again.has_value(), "what is written is clean");
  require(hive::same_tree(tree, again.value().root()), "write(read(x)) is the tree of x");
  require(hive::same_content(hive.root(), again.value().root()), "the diff sees no difference");
  hive::export_text(hive.root(), "", [](std::string_view) {});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = fuzz::bytes_of(data, size);
  check(input);
  check(fuzz::sealed_hive(input));
  return 0;
}
