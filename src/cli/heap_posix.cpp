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
  constexpr int step = 32 << 20;
  constexpr int never = 1 << 30;
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_MMAP_THRESHOLD, step);
  ::mallopt(M_TRIM_THRESHOLD, never);
  ::mallopt(M_TOP_PAD, step);
  // The first allocation that does not fit brings the whole step; a volatile pointer, for the compiler knows malloc.
  void* volatile const probe = ::malloc(step / 4);
  ::free(probe);
  constexpr std::uintptr_t large_page = 2 << 20;
  const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  const std::uintptr_t begin = (end - step + large_page - 1) / large_page * large_page;
  ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);  // a wish
}

#else

void prepare_heap() {}

#endif

}  // namespace roamsync::cli
