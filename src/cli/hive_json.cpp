#include "cli/hive_json.hpp"

namespace roamsync::cli {

Json json_of(const HiveFault& fault) {
  return {{"rule", rule_name(fault.rule)},
          {"section", rule_section(fault.rule)},
          {"offset", fault.offset},
          {"expected", fault.expected},
          {"found", fault.found}};
}

Json json_of(const Verdict& verdict) {
  Json json{{"verdict", state_name(verdict.state)}, {"left_open", verdict.left_open}};
  const bool has_fault = verdict.fault.rule != HiveRule::none;
  const Json fault = json_of(verdict.fault);
  for (const auto& [name, value] : fault.items()) json[name] = has_fault ? value : Json();
  return json;
}

Json json_of(const HiveInfo& info) {
  return {{"version", info.version()},
          {"keys", info.keys},
          {"values", info.values},
          {"root", info.root_name},
          {"newest_key_time", info.newest_key_time.text()},
          {"sequence", info.sequence}};
}

Json json_of(const Replay& replay) {
  Json logs = Json::array();
  for (const LogUse& use : replay.logs) {
    logs.push_back({{"used", use.used}, {"entries", use.entries}, {"pages", use.pages}, {"why", use.why}});
  }
  const char* format = replay.format == LogFormat::entries   ? "HvLE"
                       : replay.format == LogFormat::sectors ? "DIRT"
                                                             : "none";
  return {{"outcome", outcome_name(replay.outcome)},
          {"format", format},
          {"header_from_log", replay.header_from_log},
          {"sequence", replay.sequence},
          {"logs", std::move(logs)}};
}

Json json_of(const hive::ValueNode& value) {
  return {{"name", value.name.utf8()},
          {"type", value.type},
          {"data", hive::data_text(value.type, value.data, {.wrap = false})}};
}

Json json_of(const hive::Conflict& conflict) {
  const auto side = [&](const std::optional<hive::ValueNode>& value) -> Json {
    if (!value) return nullptr;
    if (conflict.kind == hive::ConflictKind::key) return "present";
    if (conflict.kind == hive::ConflictKind::value) return json_of(*value);
    return hive::data_text(3, value->data, {.wrap = false});
  };
  return {{"kind", hive::conflict_name(conflict.kind)},
          {"path", conflict.path},
          {"name", conflict.value_name.utf8()},
          {"base", side(conflict.base)},
          {"local", side(conflict.local)},
          {"server", side(conflict.server)},
          {"taken", hive::side_name(conflict.taken)},
          {"reason", conflict.reason}};
}

namespace {

const char* list_of(hive::ChangeKind kind) {
  switch (kind) {
    case hive::ChangeKind::key_added:
    case hive::ChangeKind::value_added: return "added";
    case hive::ChangeKind::key_removed:
    case hive::ChangeKind::value_removed: return "removed";
    case hive::ChangeKind::key_changed:
    case hive::ChangeKind::value_changed: break;
  }
  return "changed";
}

Json json_of_change(const hive::Change& change) {
  const bool is_value = change.old_value || change.new_value;
  Json json{{"kind", is_value ? "value" : "key"}, {"path", change.path}};
  if (!is_value) return json;
  json["name"] = (change.new_value ? *change.new_value : *change.old_value).name.utf8();
  if (change.old_value) json["old"] = json_of(*change.old_value);
  if (change.new_value) json["new"] = json_of(*change.new_value);
  return json;
}

}  // namespace

Json json_of_difference(hive::Key before, hive::Key after) {
  Json lists{
      {"added", Json::array()}, {"removed", Json::array()}, {"changed", Json::array()}, {"conflicts", Json::array()}};
  hive::diff_hives(before, after,
                   [&](const hive::Change& change) { lists[list_of(change.kind)].push_back(json_of_change(change)); });
  return lists;
}

Json json_of_tree(hive::Key key) {
  Json values = Json::array();
  for (const hive::Value value : key.values()) values.push_back(json_of(hive::node_of(value)));
  Json subkeys = Json::array();
  for (const hive::Key subkey : key.subkeys()) subkeys.push_back(json_of_tree(subkey));
  return {{"name", key.name().utf8()},
          {"time", key.time().text()},
          {"class", key.class_name().utf8()},
          {"values", std::move(values)},
          {"subkeys", std::move(subkeys)}};
}

}  // namespace roamsync::cli
