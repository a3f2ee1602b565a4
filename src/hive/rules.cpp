#include <roamsync/hive_check.hpp>

#include <ostream>

#include "hive/checker.hpp"

namespace roamsync {
namespace {

struct RuleText {
  HiveRule rule;
  std::string_view name, section;
};

constexpr RuleText rules[] = {
    {HiveRule::none, "none", ""},
    {HiveRule::file_size, "file_size", "Base block"},
    {HiveRule::signature, "signature", "Base block"},
    {HiveRule::checksum, "checksum", "Base block"},
    {HiveRule::sequence_numbers, "sequence_numbers", "Base block"},
    {HiveRule::version, "version", "Base block"},
    {HiveRule::file_type, "file_type", "Base block"},
    {HiveRule::file_format, "file_format", "Base block"},
    {HiveRule::clustering, "clustering", "Base block"},
    {HiveRule::bins_size, "bins_size", "Base block"},
    {HiveRule::bin_signature, "bin_signature", "Hive bin"},
    {HiveRule::bin_offset, "bin_offset", "Hive bin"},
    {HiveRule::bin_size, "bin_size", "Hive bin"},
    {HiveRule::cell_size, "cell_size", "Cell"},
    {HiveRule::cell_reference, "cell_reference", "Cell"},
    {HiveRule::cell_shared, "cell_shared", "Cell"},
    {HiveRule::key_signature, "key_signature", "Key node"},
    {HiveRule::key_size, "key_size", "Key node"},
    {HiveRule::key_name, "key_name", "Key node"},
    {HiveRule::key_parent, "key_parent", "Key node"},
    {HiveRule::key_depth, "key_depth", "Key node"},
    {HiveRule::class_name, "class_name", "Key node"},
    {HiveRule::subkey_count, "subkey_count", "Key node"},
    {HiveRule::list_signature, "list_signature", "Subkeys list"},
    {HiveRule::list_size, "list_size", "Subkeys list"},
    {HiveRule::list_order, "list_order", "Subkeys list"},
    {HiveRule::value_list_size, "value_list_size", "Key values list"},
    {HiveRule::value_signature, "value_signature", "Key value"},
    {HiveRule::value_name, "value_name", "Key value"},
    {HiveRule::value_size, "value_size", "Key value"},
    {HiveRule::big_data_signature, "big_data_signature", "Big data"},
    {HiveRule::big_data_segments, "big_data_segments", "Big data"},
    {HiveRule::security_signature, "security_signature", "Key security"},
    {HiveRule::security_size, "security_size", "Key security"},
    {HiveRule::security_ring, "security_ring", "Key security"},
    {HiveRule::descriptor, "descriptor", "Key security"},
};

constexpr const RuleText& text_of(HiveRule rule) noexcept { return rules[static_cast<std::size_t>(rule)]; }

constexpr bool in_order() noexcept {
  for (std::size_t at = 0; at < std::size(rules); ++at) {
    if (static_cast<std::size_t>(rules[at].rule) != at) return false;
  }
  return rules[std::size(rules) - 1].rule == HiveRule::descriptor;
}
static_assert(in_order());

}  // namespace

std::string_view rule_name(HiveRule rule) noexcept { return text_of(rule).name; }
std::string_view rule_section(HiveRule rule) noexcept { return text_of(rule).section; }

std::string_view state_name(HiveState state) noexcept {
  switch (state) {
    case HiveState::clean: return "clean";
    case HiveState::dirty: return "dirty";
    case HiveState::corrupt: break;
  }
  return "corrupt";
}

std::string HiveInfo::version() const { return std::to_string(major) + '.' + std::to_string(minor); }

std::string Verdict::message() const {
  std::string text(state_name(state));
  if (fault.rule == HiveRule::none) return text;
  text += ": ";
  text += rule_name(fault.rule);
  return text + " at " + hive::hex(fault.offset) + ": expected " + fault.expected + ", found " + fault.found;
}

std::ostream& operator<<(std::ostream& out, const Verdict& verdict) { return out << verdict.message(); }

}  // namespace roamsync
