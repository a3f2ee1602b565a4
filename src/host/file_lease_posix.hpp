/// @file
/// The quick answer to "does anybody have this file open?": the kernel grants a write lease on a file (fcntl F_SETLEASE)
/// only when nobody else has it open or mapped, in any process and any namespace. It is given back at once.
///
/// Side effects, kept as small as they can be: who opens the file in those microseconds waits for the lease to go, or gets
/// EWOULDBLOCK with O_NONBLOCK; a watcher of the file sees it opened and closed. The signal by which the kernel asks for
/// the lease back is kept from the program.
#pragma once

#include <boost/filesystem/path.hpp>

namespace roamsync {

enum class LeaseAnswer {
  nobody,    ///< granted: nobody has the file open
  somebody,  ///< refused because somebody, perhaps in this process, has it open
  unknown,   ///< refused for another reason: not the owner, a file system without leases, no regular file
};

LeaseAnswer ask_by_lease(const boost::filesystem::path& file);

}  // namespace roamsync
