/// @file
/// Who holds files open: asked by lease first, and only when that says "somebody" or cannot tell, looked up in /proc.
///
/// What /proc cannot show (another user's processes, a descriptor on its way through a socket) is seen by the lease alone; the
/// holder is then listed without name, as pid 0, so that nobody takes a held hive for a free one.
#pragma once

#include <roamsync/host.hpp>

#include "host/process_posix.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace roamsync {

/// A file that is looked for, by its number and not by its name.
struct WantedFile {
  boost::filesystem::path path;
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  std::uint64_t inode = 0;

  friend bool operator==(const WantedFile&, const WantedFile&) = default;
};

/// The files of the list that exist. Errc::unsafe_path for a symbolic link: the holders of what it leads to are none of ours.
Result<std::vector<WantedFile>> wanted_files(std::span<const boost::filesystem::path> paths);

struct ProcessHoldings {
  std::vector<Holder> holders;     ///< at most one a file
  std::vector<std::size_t> files;  ///< which of the files each of them holds
  bool may_look = true;            ///< false: the process keeps its descriptors from this user
};
ProcessHoldings holdings_of(const Process& process, std::span<const WantedFile> files);

Result<HolderReport> find_holders(std::span<const WantedFile> files);

/// True for the holder that is known to exist and cannot be named.
inline bool is_unseen(const Holder& holder) { return holder.pid == 0; }

}  // namespace roamsync
