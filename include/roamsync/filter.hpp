/// @file
/// Filter: which paths of a profile roam.
///
/// Windows never roams the machine-bound part of a profile, whatever the user's own list says: AppData\Local and
/// AppData\LocalLow (Vista and later), Local Settings, History, Temp and Temporary Internet Files (before) [KB Q188692,
/// UserProfiles.admx ExcludeProfileDirs]. roamsync adds its own record folder and temporary names, the temporary names
/// Windows' own profile service leaves behind (Prf*.tmp, KB 328607), and the hive's transaction logs, which belong to one
/// machine: a clean hive needs none, and stale ones beside a restored hive are a danger.
///
/// What a filter excludes is neither uploaded nor downloaded nor taken for deleted, on either side, even when the filter
/// changed since the last sync.
///
/// Patterns are relative to the profile's root, case-blind, `/` or `\` between components. `*` and `?` match inside a
/// component, `**` any number of components. A pattern without a separator and with a wildcard matches a name in any folder
/// (`*.tmp`); without a wildcard it names something at the root (`Downloads`), as in ExcludeProfileDirs. A leading separator
/// ties a pattern to the root (`/*.tmp`). A folder that is excluded takes all below it along, one that is included too. An
/// include wins over the user's excludes, never over the built-in ones: with `Downloads` excluded and `Downloads/keep` included,
/// `keep` roams and nothing else of `Downloads`. The folder `Downloads` itself is then not admitted but not pruned either:
/// a scan enters it and lists it only for what it finds there (Tree adds the folders above an entry by itself).
///
/// Threads: a filter is a value that does not change; several threads may ask at once. Asking allocates nothing.
#pragma once

#include <roamsync/path.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace roamsync {

class Filter {
 public:
  /// Windows' defaults and roamsync's own names only.
  Filter();
  /// The same with the user's lists. A pattern that can match nothing (empty, `..`, a drive, a name Windows cannot have) fails
  /// with Errc::bad_name.
  static Result<Filter> make(std::span<const std::string> exclude, std::span<const std::string> include);

  /// True when `path` roams. Right for any path, whether or not the folders above it have been asked for.
  bool admits(const ProfilePath& path, bool is_directory) const;
  /// True when nothing below an excluded folder can be included again, so a scan need not enter it.
  bool prunes(const ProfilePath& folder) const;
  /// The pattern that excludes `path`, for a report; empty when it is admitted.
  std::string why_excluded(const ProfilePath& path, bool is_directory) const;

 private:
  struct Pattern {
    std::vector<std::string> components;  // upper-cased; "**" alone stands for any number
    std::string text;                     // as the user wrote it
    bool files_only = false;
  };
  static Result<Pattern> compile(const std::string& text);
  static const Pattern* find_match(std::span<const Pattern> patterns, std::string_view path,
                                   bool is_directory) noexcept;

  std::vector<Pattern> built_in_;
  std::vector<Pattern> exclude_;
  std::vector<Pattern> include_;
};

/// roamsync's own folder on a server, at the profile's root: never part of a tree, in either direction.
inline constexpr std::string_view record_folder_name = ".roamsync";
/// Every temporary name of roamsync but the hive's ends so; recovery sweeps them.
inline constexpr std::string_view temporary_suffix = ".roamsync.tmp";
/// The hive's staged copy, beside it [KB Q191834].
inline constexpr std::string_view hive_temporary_name = "NTUSER.DAT.tmp";
/// True for `record_folder_name` at the root, names that end in `temporary_suffix`, a hive's `.tmp` at the root, and for all
/// that stands below one of these.
bool is_own_name(const ProfilePath& path) noexcept;

}  // namespace roamsync
