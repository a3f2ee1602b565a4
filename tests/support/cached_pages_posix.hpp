/// @file
/// What the system's page cache holds of a file.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>
#include <boost/filesystem/operations.hpp>

#include <algorithm>
#include <vector>

namespace roamsync::testing {

/// The number of a file's pages that the page cache holds.
inline std::size_t cached_pages(const boost::filesystem::path& path) {
  constexpr std::size_t page = 4096;
  const std::size_t size = boost::filesystem::file_size(path);
  const int file = ::open(path.c_str(), O_RDONLY);
  void* const mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  std::vector<unsigned char> cached((size + page - 1) / page);
  EXPECT_EQ(::mincore(mapped, size, cached.data()), 0);
  ::munmap(mapped, size);
  return static_cast<std::size_t>(std::ranges::count_if(cached, [](unsigned char one) { return (one & 1) != 0; }));
}

}  // namespace roamsync::testing
