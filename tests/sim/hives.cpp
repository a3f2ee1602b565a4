#include "sim/hives.hpp"

#include <roamsync/hive.hpp>

#include "support/hive_builder.hpp"

#include <span>

namespace roamsync::sim {
namespace {

std::u16string wide(std::string_view ascii) { return {ascii.begin(), ascii.end()}; }

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

}  // namespace

std::string make_hive(const Settings& settings, FileTime written, HiveClosed closed) {
  testing::KeySpec software{.name = u"Software", .time = written.ticks};
  for (const auto& [name, text] : settings) software.values.push_back(testing::text_value(wide(name), wide(text)));
  testing::HiveSpec spec{.root = {.name = u"ROOT", .subkeys = {std::move(software)}, .time = written.ticks}};
  if (closed == HiveClosed::left_open) spec.primary = spec.secondary + 1;
  const testing::Bytes file = testing::build_hive(spec);
  return {reinterpret_cast<const char*>(file.data()), file.size()};
}

Settings settings_of(std::string_view hive) {
  Settings settings;
  const auto opened = hive::Hive::open(bytes_of(hive));
  if (!opened) return settings;
  const auto software = opened.value().find("Software");
  if (!software) return settings;
  for (const hive::Value value : software->values()) {
    const std::vector<std::byte> data = value.data().bytes();
    std::string text;
    for (std::size_t i = 0; i + 3 < data.size(); i += 2) text += static_cast<char>(data[i]);
    settings[value.name().utf8()] = text;
  }
  return settings;
}

std::string fault_of_hive(std::string_view hive) {
  const Verdict verdict = check_hive(bytes_of(hive));
  return verdict.state == HiveState::clean ? std::string() : verdict.message();
}

}  // namespace roamsync::sim
