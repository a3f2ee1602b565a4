#include "cli/heap.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace roamsync::cli {

#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)

void prepare_heap() {
  constexpr int room = 512 << 20;  // addresses, not memory: enough for a profile of 100,000 files
  constexpr int step = 32 << 20;   // what comes after, or instead where so much is not to be had
  constexpr int never = 1 << 30;
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_MMAP_THRESHOLD, step);
  ::mallopt(M_TRIM_THRESHOLD, never);
  // The heap goes on a little before a boundary of large pages: one of which a byte was touched before the wish stays in small
  // pages, and malloc writes the heads of its first blocks.
  constexpr std::uintptr_t large_page = 2 << 20;
  constexpr std::uintptr_t heads = 256 << 10;
  constexpr std::uintptr_t small_page = 4 << 10;
  const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  const std::uintptr_t begin = (end + heads + large_page - 1) / large_page * large_page;
  if (::sbrk(static_cast<std::intptr_t>(begin - heads - end)) == reinterpret_cast<void*>(-1)) return;
  // The first allocation that does not fit into what malloc has (132 KiB) brings the whole room. It takes all up to the last small
  // page and is never touched, for each of those would cost a fault; volatile, for the compiler knows malloc.
  ::mallopt(M_TOP_PAD, room);
  [[maybe_unused]] static void* volatile const unused = ::malloc(heads - small_page);
  ::mallopt(M_TOP_PAD, step);
  const auto new_end = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  if (new_end > begin) ::madvise(reinterpret_cast<void*>(begin), new_end - begin, MADV_HUGEPAGE);  // a wish
}

#else

void prepare_heap() {}

#endif

}  // namespace roamsync::cli
