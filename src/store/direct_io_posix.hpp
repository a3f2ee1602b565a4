/// @file
/// Direct i/o: bytes that go between a file and its disk past the page cache. What is read that way was on the disk. And the page cache
/// has to find memory for what nobody will read again: in a virtual machine, where a page that has not been used for a while is
/// dear, copying a hive of 24 MiB through it took 50 to 80 ms, past it 15.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace roamsync::posix {

/// What every disk takes: addresses, offsets and sizes are multiples of it.
inline constexpr std::size_t direct_alignment = 4096;
/// Smaller files are read and written faster than a disk answers.
inline constexpr std::uint64_t direct_size_min = 1 << 20;

/// Switches an open file over. False where its file system knows no such thing.
bool set_direct(int file, bool on) noexcept;
bool fits_direct(std::uint64_t offset, std::span<const std::byte> bytes) noexcept;

/// Switches a file over for as long as this lives.
class DirectIo {
 public:
  explicit DirectIo(int file) noexcept : file_(file), on_(set_direct(file, true)) {}
  ~DirectIo() {
    if (on_) set_direct(file_, false);
  }
  DirectIo(const DirectIo&) = delete;
  DirectIo& operator=(const DirectIo&) = delete;
  explicit operator bool() const noexcept { return on_; }

 private:
  int file_;
  bool on_;
};

}  // namespace roamsync::posix
