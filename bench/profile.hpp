/// @file
/// A roaming profile as people have them, made up: the input of the session benchmark and of the demo.
///
/// File sizes are log-normal with a median of 5 KiB and add up to the bytes asked for; folders lie as Windows has them; the
/// hive is whole and clean. Same spec, same names, sizes, times and bytes.
#pragma once

#include <roamsync/store.hpp>

#include <cstdint>

namespace roamsync::bench {

struct ProfileSpec {
  std::size_t files = 5000;  ///< the hive counted
  std::uint64_t bytes = 0;   ///< of all files; 0: as many as give 190 MB at 5,000 files
  std::uint64_t hive_bytes = 24 << 20;
  std::uint64_t seed = 1;
};

struct ProfileCount {
  std::size_t files = 0;
  std::size_t folders = 0;
  std::uint64_t bytes = 0;
};

/// Fills an empty store.
Result<ProfileCount> make_profile(Store& store, const ProfileSpec& spec);

struct EditSpec {
  double percent = 1;           ///< of the files get a new content, of about the old size
  std::size_t hive_pages = 16;  ///< pages of the hive that change, the header's counted; the hive stays clean
  std::uint64_t seed = 2;
  FileTime now = {};  ///< the time the edited files get
};

/// What a user does to a profile between logon and logoff. The count is of what was changed.
Result<ProfileCount> edit_profile(Store& store, const EditSpec& spec);

}  // namespace roamsync::bench
