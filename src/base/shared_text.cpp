#include <roamsync/shared_text.hpp>

#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>

namespace roamsync {

SharedText::SharedText(std::initializer_list<std::string_view> pieces) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  if (size == 0) return;
  if (size > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("a text of more than 4 GiB");
  auto* block = new (::operator new(sizeof(TextBlock) + size + 1)) TextBlock{.size = static_cast<std::uint32_t>(size)};
  block_ = block;
  char* at = reinterpret_cast<char*>(block + 1);
  for (const std::string_view piece : pieces) {
    if (!piece.empty()) std::memcpy(at, piece.data(), piece.size());
    at += piece.size();
  }
  *at = '\0';
}

void destroy(const TextBlock* block) noexcept {
  std::destroy_at(block);
  ::operator delete(const_cast<TextBlock*>(block));
}

}  // namespace roamsync
