/// @file
/// SharedBytes: bytes that never change, held by whoever needs them still. A hive that was judged and is then published is
/// the same bytes, without a copy in between.
///
/// Threads: a value like a shared pointer; what it shows may be read from any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace roamsync {

class SharedBytes {
 public:
  SharedBytes() = default;
  explicit SharedBytes(std::vector<std::byte> bytes);

  std::span<const std::byte> view() const noexcept { return view_; }
  std::size_t size() const noexcept { return view_.size(); }

 private:
  friend class ByteBlock;
  std::shared_ptr<const void> owner_;
  std::span<const std::byte> view_;
};

/// Room to read a large file into, not filled with zeros first.
class ByteBlock {
 public:
  explicit ByteBlock(std::size_t size);

  std::span<std::byte> bytes() noexcept { return {bytes_.get(), size_}; }
  /// Ends the writing.
  SharedBytes share() &&;

 private:
  std::shared_ptr<std::byte[]> bytes_;
  std::size_t size_;
};

}  // namespace roamsync
