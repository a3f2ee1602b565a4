#include "cli/check_report.hpp"

#include "cli/acl_report.hpp"
#include "cli/words.hpp"

#include <algorithm>
#include <ostream>

namespace roamsync::cli {
namespace {

Json rights_table(const AccessFinding& access) {
  const Explanation& explanation = access.explanation;
  Json rows = Json::array();
  for (AccessMask bit = 1; bit != 0; bit <<= 1) {
    if ((access.required & bit) == 0) continue;
    const auto answer = [bit](bool is_known, AccessMask mask) { return is_known ? Json((mask & bit) != 0) : Json(); };
    rows.push_back({{"right", access_names(bit).front()},
                    {"share", answer(access.is_share_known, explanation.share)},
                    {"file", answer(access.is_file_known, explanation.file)},
                    {"effective", (explanation.granted & bit) != 0}});
  }
  return rows;
}

void add_access(Json& json, const AccessFinding& access) {
  const Explanation& explanation = access.explanation;
  const Json explained = json_of(explanation, access.required);
  json["required_access"] = mask_text(access.required);
  json["share_access"] = mask_text(explanation.share);
  json["share_known"] = access.is_share_known;
  json["file_access"] = mask_text(explanation.file);
  json["file_known"] = access.is_file_known;
  json["effective_access"] = mask_text(explanation.granted);
  json["rights"] = rights_table(access);
  json["rights_from"] = access.sources;
  json["reasons"] = explained.at("because");
  json["cures"] = explained.at("cure");
}

void print_access(std::ostream& out, const AccessFinding& access) {
  for (const std::string& source : access.sources) out << "  rights from      " << source << '\n';
  out << "  needed for a logoff, with what the share and the file system grant:\n";
  const KnownSides known{.share = access.is_share_known, .file = access.is_file_known};
  write_access_table(out, access.explanation, access.required, known, access.required);
  if (access.explanation.missing != 0) write_reasons(out, access.explanation);
}

}  // namespace

std::vector<std::string> rights_named_by(const Error& error) {
  std::vector<std::string> rights;
  if (error.code() != Errc::right_missing) return rights;
  const std::string& names = error.context().expected;
  for (std::size_t at = 0; at < names.size();) {
    const std::size_t end = std::min(names.find(", ", at), names.size());
    rights.push_back(names.substr(at, end - at));
    at = end + 2;
  }
  return rights;
}

std::vector<std::string> missing_rights(const CheckFindings& found) {
  if (found.access.explanation.missing != 0) return access_names(found.access.explanation.missing);
  std::vector<std::string> rights;
  for (const Attempt& attempt : found.probe.attempts) {
    const bool is_new = std::find(rights.begin(), rights.end(), attempt.right) == rights.end();
    if (attempt.failure && attempt.failure->code() == Remedy::ask_an_administrator && !attempt.right.empty() &&
        is_new) {
      rights.push_back(attempt.right);
    }
  }
  return rights;
}

Json json_of(const CheckFindings& found) {
  Json attempts = Json::array();
  for (const Attempt& attempt : found.probe.attempts) {
    Json one{{"what", attempt.what}, {"right", attempt.right}, {"ok", !attempt.failure}};
    if (attempt.failure) one["error"] = cli::json_of(*attempt.failure);
    attempts.push_back(std::move(one));
  }
  const FolderOwner& owner = found.owner.owner;
  Json json{{"reachable", true},
            {"server", found.server},
            {"profile_exists", found.profile_exists},
            {"owner",
             {{"name", owner.name},
              {"is_administrator", owner.is_administrator},
              {"accepted", !found.owner.error},
              {"in_list", owner.in_list ? Json(owner.in_list->text()) : Json(nullptr)},
              {"note", found.owner.note}}},
            {"bytes_available", found.space.available},
            {"quota", found.space.quota},
            {"attempts", std::move(attempts)},
            {"missing", missing_rights(found)},
            {"because", found.failure ? sentence_of(*found.failure) : ""},
            {"cure", found.failure ? found.failure->context().cure : ""},
            {"atomic_replace", found.traits.atomic_replace},
            {"durable_flush", found.traits.durable_flush}};
  if (found.tells_access) add_access(json, found.access);
  json["notes"] = found.access.notes;
  if (found.probe.case_sensitive) json["case_sensitive"] = *found.probe.case_sensitive;
  if (found.probe.time_resolution) json["time_resolution_ns"] = found.probe.time_resolution->count();
  if (found.probe.locks_exclude) json["locks_exclude"] = *found.probe.locks_exclude;
  if (found.probe.flush_time) json["flush_ms"] = static_cast<double>(found.probe.flush_time->count()) / 1e6;
  if (!found.probe.left_behind.empty()) json["left_behind"] = found.probe.left_behind;
  if (found.status) {
    json["generation"] = found.status->server_generation;
    json["machine"] = found.status->last_writer;
    json["written"] = cli::json_of(found.status->last_written);
    json["publish_interrupted"] = found.status->publish_interrupted;
  }
  json["events"] = cli::json_of(std::span<const Notice>(found.notices));
  if (found.failure) json["error"] = cli::json_of(*found.failure);
  return json;
}

void print(std::ostream& out, const CheckFindings& found) {
  const auto yes = [](bool is_so) { return is_so ? "yes" : "NO"; };
  out << found.server << ": reachable";
  if (!found.profile_exists) out << "; the profile folder is not there yet, the first logoff makes it";
  out << "\n  owner            " << found.owner.owner.name
      << (found.owner.error ? ": NOT the user or an administrator" : "") << '\n';
  if (!found.owner.note.empty()) out << "  note             " << found.owner.note << '\n';
  out << "  room             " << size_in_words(found.space.available)
      << (found.space.quota.empty() ? "" : " within " + found.space.quota);
  if (found.space.files != UINT64_MAX) out << ", " << found.space.files << " files";
  out << '\n';
  for (const Attempt& attempt : found.probe.attempts) {
    out << "  " << (attempt.failure ? "FAILED" : "done  ") << "           " << attempt.what;
    if (attempt.failure) out << ": " << attempt.failure->code().message();
    out << '\n';
  }
  out << "  atomic replace   " << yes(found.traits.atomic_replace) << '\n';
  out << "  durable flush    " << yes(found.traits.durable_flush);
  if (found.probe.flush_time) out << " (" << seconds_in_words(*found.probe.flush_time) << " for one file)";
  out << '\n';
  if (found.probe.case_sensitive) {
    out << "  upper and lower  "
        << (*found.probe.case_sensitive ? "case are different names" : "case are the same name") << '\n';
  }
  if (found.probe.time_resolution) {
    out << "  times            to " << found.probe.time_resolution->count() << " ns\n";
  }
  if (found.probe.locks_exclude) out << "  locks exclude    " << yes(*found.probe.locks_exclude) << '\n';
  if (found.status) {
    if (found.status->server_generation == 0) {
      out << "  generation       none published by roamsync yet\n";
    } else {
      out << "  generation       " << found.status->server_generation << ", written "
          << time_in_words(found.status->last_written) << " by " << found.status->last_writer << '\n';
    }
    if (found.status->publish_interrupted)
      out << "  interrupted      a publish; the next logon, logoff or recover ends it\n";
  }
  for (const Notice& notice : found.notices) out << "  " << Event(notice) << '\n';
  for (const std::string& path : found.probe.left_behind) out << "  left behind      " << path << '\n';
  for (const std::string& note : found.access.notes) out << "  note             " << note << '\n';
  if (found.tells_access) print_access(out, found.access);
}

}  // namespace roamsync::cli
