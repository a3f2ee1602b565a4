#include "cli/json.hpp"

#include "cli/usage_error.hpp"

namespace roamsync::cli {

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

Json json_of(std::span<const Holder> holders) {
  Json json = Json::array();
  for (const Holder& holder : holders) json.push_back(json_of(holder));
  return json;
}

}  // namespace roamsync::cli
