#include "cli/json.hpp"

#include "cli/usage_error.hpp"

namespace roamsync::cli {
namespace {

template <class T>
Json list_of(std::span<const T> values) {
  Json json = Json::array();
  for (const T& value : values) json.push_back(json_of(value));
  return json;
}

}  // namespace

std::string_view text_of(Recovery::Outcome outcome) {
  switch (outcome) {
    case Recovery::Outcome::nothing_to_do: return "nothing_to_do";
    case Recovery::Outcome::rolled_forward: return "rolled_forward";
    case Recovery::Outcome::cleared: return "cleared";
  }
  return "";
}

std::string sentence_of(const Error& error) {
  if (!is_usage_error(error)) return error.message();
  const ErrorContext& at = error.context();
  return at.cure.empty() ? at.found : at.found + "; " + at.cure;
}

Json json_of(const Error& error) {
  const ErrorContext& at = error.context();
  Json json{{"code", is_usage_error(error) ? "usage" : code_name(error.code())},
            {"remedy", remedy_name(error.code())},
            {"step", at.step},
            {"path", at.path},
            {"expected", at.expected},
            {"found", at.found},
            {"cure", at.cure},
            {"message", sentence_of(error)}};
  if (at.cause) json["cause"] = code_name(at.cause);
  return json;
}

Json json_of(const Notice& notice) {
  return {{"id", notice.id}, {"level", level_name(notice.level)}, {"text", notice.text}};
}

Json json_of(const Holder& holder) { return {{"pid", holder.pid}, {"name", holder.name}, {"what", holder.what}}; }

Json json_of(std::span<const Holder> holders) { return list_of(holders); }

Json json_of(std::span<const Notice> notices) { return list_of(notices); }

Json json_of(std::span<const Conflict> conflicts) {
  Json json = Json::array();
  for (const Conflict& conflict : conflicts) {
    json.push_back({{"path", conflict.path.text()},
                    {"choice", text_of(conflict.choice)},
                    {"kind", text_of(conflict.kind)},
                    {"reason", conflict.reason}});
  }
  return json;
}

Json json_of(std::span<const Unusable> unusable) {
  Json json = Json::array();
  for (const Unusable& one : unusable) json.push_back({{"path", one.path}, {"found", one.found}});
  return json;
}

Json json_of(std::span<const ProfilePath> paths) {
  Json json = Json::array();
  for (const ProfilePath& path : paths) json.emplace_back(path.text());
  return json;
}

Json json_of(FileTime time) { return time.ticks == 0 ? Json() : Json(time.text()); }

Json json_of(const Report& report) {
  Json json{
      {"outcome", text_of(report.outcome)},
      {"generation", report.generation},
      {"uploaded", report.uploaded},
      {"downloaded", report.downloaded},
      {"deleted", report.deleted},
      {"kept", report.kept},
      {"conflicts", json_of(report.conflicts)},
      {"bytes", {{"read", report.bytes.read}, {"written", report.bytes.written}, {"verified", report.bytes.verified}}},
      {"hive",
       {{"choice", text_of(report.hive)}, {"unload", text_of(report.unload)}, {"holders", json_of(report.holders)}}},
      {"events", json_of(report.notices)},
      {"unusable", json_of(report.unusable)},
      {"seconds", report.seconds.count()}};
  if (!report.missing_rights.empty()) json["missing"] = report.missing_rights;
  if (report.cause) json["error"] = json_of(*report.cause);
  return json;
}

Json json_of(const Preview& preview) {
  Json actions = Json::array();
  for (const Action& action : preview.plan.actions) {
    Json one{{"action", text_of(action.verb)}, {"path", action.path.text()}, {"reason", action.reason.view()}};
    if (action.other_path) one["other_path"] = action.other_path->text();
    if (action.source != nullptr && action.source->is_file()) one["size"] = action.source->size;
    actions.push_back(std::move(one));
  }
  Json kept = Json::array();
  for (const Kept& one : preview.plan.kept) kept.push_back({{"path", one.path.text()}, {"reason", one.reason}});
  Json json{{"outcome", text_of(preview.outcome)},
            {"actions", std::move(actions)},
            {"generation", preview.generation},
            {"conflicts", json_of(preview.plan.conflicts)},
            {"kept", std::move(kept)},
            {"unusable", json_of(preview.unusable)},
            {"events", json_of(preview.notices)}};
  if (preview.cause) json["error"] = json_of(*preview.cause);
  if (!preview.missing_rights.empty()) json["missing"] = preview.missing_rights;
  return json;
}

Json json_of(const Status& status) {
  return {
      {"generation", status.server_generation},
      {"written", json_of(status.last_written)},
      {"machine", status.last_writer},
      {"publish_interrupted", status.publish_interrupted},
      {"base", status.base_generation},
      {"changed_here", json_of(status.changed_here)},
      {"changed_on_server", json_of(status.changed_on_server)},
      {"upload_forbidden", status.upload_forbidden},
      {"upload_forbidden_because", status.upload_forbidden_because},
      {"read_only", status.read_only},
      {"mandatory", status.mandatory},
      {"events", json_of(status.notices)},
      {"last",
       {{"operation", status.last_operation}, {"outcome", status.last_outcome}, {"time", json_of(status.last_time)}}}};
}

Json json_of(const Recovery& recovery) {
  return {{"outcome", text_of(recovery.outcome)}, {"in_doubt", recovery.in_doubt},
          {"transaction", recovery.transaction},  {"renamed", recovery.renamed},
          {"removed", recovery.removed},          {"swept", recovery.swept},
          {"warnings", recovery.warnings}};
}

Json json_of(const HistoryGeneration& generation) {
  Json files = Json::array();
  for (const Entry& file : generation.files) {
    files.push_back({{"path", file.path.text()}, {"size", file.size}, {"modified", json_of(file.modified)}});
  }
  return {{"generation", generation.generation},
          {"written", json_of(generation.written)},
          {"machine", generation.machine},
          {"files", std::move(files)}};
}

}  // namespace roamsync::cli
