#include <roamsync/session.hpp>

#include <ostream>

namespace roamsync {

std::string_view text_of(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::synced: return "synced";
    case Outcome::nothing_to_do: return "nothing_to_do";
    case Outcome::used_local: return "used_local";
    case Outcome::refused: return "refused";
    case Outcome::temporary: return "temporary";
  }
  return "";
}

std::string_view text_of(HiveChoice choice) noexcept {
  switch (choice) {
    case HiveChoice::none: return "none";
    case HiveChoice::local: return "local";
    case HiveChoice::server: return "server";
    case HiveChoice::equal: return "equal";
    case HiveChoice::merged: return "merged";
  }
  return "";
}

std::string_view text_of(HiveUnload unload) noexcept {
  switch (unload) {
    case HiveUnload::not_loaded: return "not_loaded";
    case HiveUnload::unloaded: return "unloaded";
    case HiveUnload::waited: return "waited";
    case HiveUnload::released: return "released";
    case HiveUnload::snapshot: return "snapshot";
    case HiveUnload::forced: return "forced";
    case HiveUnload::failed: return "failed";
  }
  return "";
}

std::ostream& operator<<(std::ostream& out, const Report& report) {
  out << text_of(report.outcome);
  if (report.generation != 0) out << ", generation " << report.generation;
  out << ": " << report.uploaded << " up, " << report.downloaded << " down, " << report.deleted << " deleted, "
      << report.conflicts.size() << " conflicts";
  if (report.cause) out << "; " << report.cause->message();
  return out;
}

}  // namespace roamsync
