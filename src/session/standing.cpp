#include "session/standing.hpp"

#include <algorithm>

namespace roamsync {
namespace {

// A mount point that nothing is mounted on may hold a marker file, or what some program wrote there meanwhile.
bool holds_only_strays(const Tree& now, const Tree& known) {
  if (find_hive(known) != nullptr) return find_hive(now) == nullptr;
  return std::none_of(known.entries().begin(), known.entries().end(),
                      [&](const Entry& entry) { return entry.is_file() && now.find(entry.path) != nullptr; });
}

// How many files are as they were, whatever numbers the server gives them now.
std::size_t files_as_known(const Tree& now, const Tree& known) {
  std::size_t held = 0;
  for (const Entry& entry : known.entries()) {
    const Entry* there = entry.is_file() ? now.find(entry.path) : nullptr;
    if (there != nullptr && there->size == entry.size && there->modified == entry.modified) ++held;
  }
  return held;
}

bool holds_the_same(const Tree& now, const Tree& known) {
  const std::size_t held = files_as_known(now, known);
  return held == known.file_count() && held == now.file_count();
}

// The profile of another user shares a few files of the default profile with this one, not most of them.
bool holds_most(const Tree& now, const Tree& known) { return files_as_known(now, known) * 2 > known.file_count(); }

Standing without_head(const Survey& survey) {
  const Tree& known = survey.base.base.server;
  if (known.file_count() > 0 && holds_only_strays(survey.server.tree, known)) return Standing::emptied;
  if (survey.base.id.generation == 0) return Standing::as_known;  // as ever
  return holds_the_same(survey.server.tree, known) ? Standing::as_known : Standing::records_lost;
}

Standing with_head(const Survey& survey, const HeadRecord& head) {
  const BaseRecord& base = survey.base;
  if (base.id.generation == 0 || head.id == base.id || head.lineage.has(base.id)) return Standing::as_known;
  if (head.lineage.profile == base.lineage.profile) return Standing::went_elsewhere;
  return holds_most(survey.server.tree, base.base.server) ? Standing::records_lost : Standing::other_profile;
}

std::string generation_text(std::uint64_t generation) { return "generation " + std::to_string(generation); }

std::string profile_text(const BaseRecord& base) {
  const std::size_t files = base.base.server.file_count();
  return "the profile" + (base.id.generation == 0 ? "" : " of " + generation_text(base.id.generation)) + " with " +
         std::to_string(files) + (files == 1 ? " file" : " files");
}

Error emptied_error(const Survey& survey, std::string_view location) {
  const std::size_t strays = survey.server.tree.file_count();
  return Error(
      Errc::server_emptied,
      {.step = "scan",
       .path = std::string(location),
       .expected = profile_text(survey.base),
       .found = strays == 0 ? "no file at all"
                            : "none of its records and " + std::to_string(strays) +
                                  (strays == 1 ? " file that is" : " files that are") + " not the profile's",
       .cure = "mount the share again; if the folder was emptied on purpose, remove this machine's state folder"});
}

Error other_profile_error(const Survey& survey, std::string_view location) {
  return Error(Errc::other_profile,
               {.step = "scan",
                .path = std::string(location),
                .expected = profile_text(survey.base) + ", which this machine last agreed with",
                .found = generation_text(survey.generation().generation) + " of another profile",
                .cure = "see whether --server and --state belong together; if this folder is now the right one, remove "
                        "this machine's state folder, and both sides are compared by content"});
}

void tell(Workspace& work, const Survey& survey, Standing standing, std::string_view location) {
  const std::string expected = generation_text(survey.base.id.generation);
  std::string text(location);
  if (!survey.head) {
    text += " has lost the record of its generation, and is not as " + expected +
            " was, which this machine last agreed with";
  } else {
    const GenerationId& id = survey.head->id;
    text += " holds " + generation_text(id.generation) + ", expected " + expected + " or one that came from it";
    if (standing == Standing::records_lost) {
      text += "; its records were made anew since";
    } else if (id.generation <= survey.base.id.generation) {
      text += "; it went back in time, as when a backup is put back";
    } else {
      text += "; whether it did is not recorded (a backup was put back, or this machine was away for long)";
    }
  }
  work.notice(event_id::none, Level::warning,
              text +
                  ". Nothing is taken for deleted; files that differ count as changed on both sides, and what loses "
                  "is kept in the history");
}

}  // namespace

Standing standing_of(const Survey& survey) {
  if (survey.server.tree.file_count() == 0 && survey.base.base.server.file_count() > 0) return Standing::emptied;
  return survey.head ? with_head(survey, *survey.head) : without_head(survey);
}

Result<void> settle_standing(Workspace& work, Survey& survey, std::string_view location) {
  const Standing standing = standing_of(survey);
  switch (standing) {
    case Standing::as_known: return success();
    case Standing::emptied: return emptied_error(survey, location);
    case Standing::other_profile: return other_profile_error(survey, location);
    case Standing::records_lost:
    case Standing::went_elsewhere: break;
  }
  tell(work, survey, standing, location);
  survey.base.base = {};
  return success();
}

}  // namespace roamsync
