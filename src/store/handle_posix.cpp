#include "store/handle_posix.hpp"

#include <unistd.h>

namespace roamsync::posix {

int Handle::close() noexcept {
  const int descriptor = std::exchange(descriptor_, -1);
  if (descriptor < 0) return 0;
  // Linux has released the descriptor even when it reports EINTR; calling again could close somebody else's.
  if (::close(descriptor) == 0 || errno == EINTR) return 0;
  return errno;
}

}  // namespace roamsync::posix
