#include "store/direct_io_posix.hpp"

#include <fcntl.h>

namespace roamsync::posix {

bool set_direct(int file, bool on) noexcept {
  const int flags = ::fcntl(file, F_GETFL);
  return flags >= 0 && ::fcntl(file, F_SETFL, on ? flags | O_DIRECT : flags & ~O_DIRECT) == 0;
}

bool fits_direct(std::uint64_t offset, std::span<const std::byte> bytes) noexcept {
  return (offset | bytes.size() | reinterpret_cast<std::uintptr_t>(bytes.data())) % direct_alignment == 0;
}

}  // namespace roamsync::posix
