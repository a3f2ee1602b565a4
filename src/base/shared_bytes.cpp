#include <roamsync/shared_bytes.hpp>

#include "base/large_memory.hpp"

namespace roamsync {

SharedBytes::SharedBytes(std::vector<std::byte> bytes) {
  const auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  view_ = *owner;
  owner_ = owner;
}

ByteBlock::ByteBlock(std::size_t size) : bytes_(large_memory(size)), size_(size) {}

SharedBytes ByteBlock::share() && {
  SharedBytes shared;
  shared.view_ = bytes();
  shared.owner_ = std::move(bytes_);
  size_ = 0;
  return shared;
}

}  // namespace roamsync
