#include "cli/report_text.hpp"

#include <roamsync/printable.hpp>

#include "cli/json.hpp"
#include "cli/words.hpp"

#include <algorithm>
#include <ostream>
#include <span>

namespace roamsync::cli {
namespace {

constexpr std::size_t kept_files_shown = 12;  // of one generation; a screen holds two of them

std::string files(std::uint64_t count) { return count_in_words(count, "file", "files"); }

std::string_view outcome_in_words(Outcome outcome) {
  switch (outcome) {
    case Outcome::synced: return "done";
    case Outcome::nothing_to_do: return "nothing to do";
    case Outcome::used_local: return "the local copy is used; nothing was uploaded";
    case Outcome::refused: return "refused; nothing was changed";
    case Outcome::temporary: return "temporary profile; nothing of this session is kept";
  }
  return "";
}

std::string_view hive_in_words(HiveChoice choice) {
  switch (choice) {
    case HiveChoice::local: return "the local one counts";
    case HiveChoice::server: return "the server's counts";
    case HiveChoice::equal: return "the same on both sides";
    case HiveChoice::merged: return "merged from both sides";
    case HiveChoice::none: break;
  }
  return "";
}

std::string_view unload_in_words(HiveUnload unload) {
  switch (unload) {
    case HiveUnload::waited: return ", after its holders let go";
    case HiveUnload::released: return ", after its holders were asked to end";
    case HiveUnload::snapshot: return ", a consistent copy taken while in use";
    case HiveUnload::forced: return ", after its holders were ended";
    case HiveUnload::failed: return ", still held";
    case HiveUnload::not_loaded:
    case HiveUnload::unloaded: break;
  }
  return "";
}

void print_paths(std::ostream& out, std::string_view title, const std::vector<ProfilePath>& paths) {
  constexpr std::size_t shown_max = 20;
  out << title << ": " << (paths.empty() ? "nothing" : count_in_words(paths.size(), "path", "paths")) << '\n';
  for (std::size_t i = 0; i < std::min(paths.size(), shown_max); ++i) out << "  " << paths[i] << '\n';
  if (paths.size() > shown_max) out << "  and " << paths.size() - shown_max << " more\n";
}

}  // namespace

void print_report(std::ostream& out, std::string_view command, const Report& report) {
  out << command << ": " << outcome_in_words(report.outcome);
  if (report.generation != 0) out << " (generation " << report.generation << ')';
  out << '\n';
  if (report.uploaded > 0) out << "  uploaded    " << files(report.uploaded) << '\n';
  if (report.downloaded > 0) out << "  downloaded  " << files(report.downloaded) << '\n';
  if (report.deleted > 0) out << "  deleted     " << files(report.deleted) << '\n';
  if (report.kept > 0) out << "  left alone  " << files(report.kept) << '\n';
  if (report.hive != HiveChoice::none) {
    out << "  hive        " << hive_in_words(report.hive) << unload_in_words(report.unload) << '\n';
  }
  for (const Holder& holder : report.holders) {
    out << "  held by     " << printable(holder.name) << " (pid " << holder.pid << "): " << printable(holder.what)
        << '\n';
  }
  for (const Conflict& conflict : report.conflicts) {
    out << "  conflict    " << conflict.path << ": " << text_of(conflict.choice) << " (" << printable(conflict.reason)
        << ")\n";
  }
  for (const Unusable& one : report.unusable) {
    out << "  not roaming " << printable(one.path) << ": " << printable(one.found) << '\n';
  }
  if (report.bytes.read + report.bytes.written > 0) {
    out << "  bytes       " << size_in_words(report.bytes.read) << " read, " << size_in_words(report.bytes.written)
        << " written, " << size_in_words(report.bytes.verified) << " verified in " << seconds_in_words(report.seconds)
        << '\n';
  }
}

void print_preview(std::ostream& out, const Preview& preview) {
  if (preview.cause) out << "It would be refused: " << sentence_of(*preview.cause) << '\n';
  if (preview.plan.empty()) {
    if (!preview.cause) out << "nothing to do\n";
  } else {
    out << preview.plan;
  }
}

void print_status(std::ostream& out, const Status& status) {
  out << "server: ";
  if (status.server_generation == 0) {
    out << "no generation published by roamsync yet\n";
  } else {
    out << "generation " << status.server_generation << ", written " << time_in_words(status.last_written) << " by "
        << printable(status.last_writer) << '\n';
  }
  if (status.publish_interrupted) {
    out << "  an interrupted publish lies there: the next logon, logoff or recover finishes or clears it\n";
  }
  out << "this machine: ";
  if (status.base_generation == 0) {
    out << "never in step with the server\n";
  } else {
    out << "last in step with generation " << status.base_generation << '\n';
  }
  if (!status.last_operation.empty()) {
    out << "  last " << status.last_operation << ": " << status.last_outcome << ", " << time_in_words(status.last_time)
        << '\n';
  }
  if (status.mandatory) out << "  mandatory: the server's profile holds, nothing goes up\n";
  if (status.read_only) out << "  read-only: logged on with --read-only, nothing goes up until the next logon\n";
  if (status.upload_forbidden) out << "  may not upload: " << printable(status.upload_forbidden_because) << '\n';
  print_paths(out, "changed here", status.changed_here);
  print_paths(out, "changed on the server", status.changed_on_server);
}

void print_recovery(std::ostream& out, const Recovery& recovery) {
  switch (recovery.outcome) {
    case Recovery::Outcome::nothing_to_do: out << "nothing to recover\n"; break;
    case Recovery::Outcome::rolled_forward:
      out << "the interrupted publish was finished: " << files(recovery.renamed) << " put in place, "
          << recovery.removed << " removed\n";
      break;
    case Recovery::Outcome::cleared:
      out << "the interrupted publish was cleared away"
          << (recovery.in_doubt ? "" : "; the profile is as it was before it") << '\n';
      break;
  }
  if (recovery.swept > 0) out << "  " << count_in_words(recovery.swept, "leftover", "leftovers") << " removed\n";
  for (const std::string& warning : recovery.warnings) out << "  " << printable(warning) << '\n';
}

void print_history(std::ostream& out, const std::vector<HistoryGeneration>& generations) {
  if (generations.empty()) out << "nothing is kept\n";
  for (const HistoryGeneration& one : generations) {
    out << "generation " << one.generation << ", " << time_in_words(one.written);
    if (!one.machine.empty()) out << ", " << printable(one.machine);
    out << ": " << files(one.files.size()) << " kept\n";
    for (const Entry& file : std::span(one.files).first(std::min(one.files.size(), kept_files_shown))) {
      out << "  " << file.path << "  " << size_in_words(file.size) << ", " << time_in_words(file.modified) << '\n';
    }
    if (one.files.size() > kept_files_shown) {
      out << "  and " << one.files.size() - kept_files_shown << " more; --json lists all\n";
    }
  }
}

}  // namespace roamsync::cli
