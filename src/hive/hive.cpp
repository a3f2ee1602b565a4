#include <roamsync/hive.hpp>

#include "hive/base_block.hpp"
#include "hive/checker.hpp"

namespace roamsync::hive {
namespace {

Key root_of(ByteView file) noexcept {
  const BaseBlock base = *BaseBlock::read(file);
  return Key({file.bytes().data() + base_block_size, base.bins_size, base.minor}, base.root);
}

}  // namespace

Error error_of(const Verdict& verdict, std::string step) {
  const Errc code = verdict.state == HiveState::dirty ? Errc::hive_dirty : Errc::hive_corrupt;
  std::string expected(rule_name(verdict.fault.rule));
  expected += " at " + hex(verdict.fault.offset) + ": " + verdict.fault.expected;
  return {code, {.step = std::move(step), .expected = std::move(expected), .found = verdict.fault.found}};
}

Result<Hive> Hive::open(std::span<const std::byte> file) {
  HiveInspection seen = inspect_hive(file);
  if (seen.verdict.state != HiveState::clean) return error_of(seen.verdict, "open");
  return Hive(root_of(file), std::move(seen.info));
}

Result<Hive> Hive::open_as_it_lies(std::span<const std::byte> file) {
  HiveInspection seen = inspect_hive(file);
  if (seen.verdict.state == HiveState::corrupt) return error_of(seen.verdict, "open");
  return Hive(root_of(file), std::move(seen.info));
}

std::optional<Key> Hive::find(std::string_view utf8_path) const { return root_.find(to_utf16(utf8_path)); }

}  // namespace roamsync::hive
