#include <roamsync/shared_bytes.hpp>

namespace roamsync {

SharedBytes::SharedBytes(std::vector<std::byte> bytes) {
  const auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  view_ = *owner;
  owner_ = owner;
}

ByteBlock::ByteBlock(std::size_t size) : bytes_(std::make_shared_for_overwrite<std::byte[]>(size)), size_(size) {}

SharedBytes ByteBlock::share() && {
  SharedBytes shared;
  shared.view_ = bytes();
  shared.owner_ = std::move(bytes_);
  size_ = 0;
  return shared;
}

}  // namespace roamsync
