#include "base/large_memory.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace roamsync {
namespace {

constexpr std::size_t large_size_min = 1 << 20;
constexpr std::size_t large_page = 2 << 20;

}  // namespace

std::shared_ptr<std::byte[]> large_memory(std::size_t size) {
  if (size < large_size_min) return std::make_shared_for_overwrite<std::byte[]>(size);
  if (size > SIZE_MAX - 2 * large_page) throw std::bad_alloc();
  const std::size_t whole = (size + large_page - 1) / large_page * large_page;
  // One page more, so that there is an aligned beginning in it; what nobody touches costs nothing.
  const std::size_t mapped = whole + large_page;
  void* const room = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) throw std::bad_alloc();
  auto* const bytes = static_cast<std::byte*>(room);
  const std::size_t past = reinterpret_cast<std::uintptr_t>(bytes) % large_page;
  std::byte* const begin = past == 0 ? bytes : bytes + (large_page - past);
#ifdef MADV_HUGEPAGE
  ::madvise(begin, whole, MADV_HUGEPAGE);  // a wish
#endif
  return {begin, [room, mapped](std::byte*) { ::munmap(room, mapped); }};
}

}  // namespace roamsync
