#include "base/large_memory.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <new>

namespace roamsync {
namespace {

TEST(LargeMemory, IsThereFromTheFirstToTheLastByte) {
  constexpr std::size_t mebibyte = 1 << 20;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, mebibyte - 1, mebibyte, 2 * mebibyte, 5 * mebibyte + 1}) {
    const auto room = large_memory(size);
    std::memset(room.get(), 0x5a, size);
    if (size == 0) continue;
    EXPECT_EQ(room.get()[0], std::byte{0x5a});
    EXPECT_EQ(room.get()[size - 1], std::byte{0x5a});
    const bool is_aligned = reinterpret_cast<std::uintptr_t>(room.get()) % (2 * mebibyte) == 0;
    EXPECT_TRUE(is_aligned || size < mebibyte) << size;
  }
}

TEST(LargeMemory, MoreThanThereCanBeIsRefused) { EXPECT_THROW(large_memory(SIZE_MAX), std::bad_alloc); }

}  // namespace
}  // namespace roamsync
