#include <roamsync/shared_text.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace roamsync {

SharedText::SharedText(std::initializer_list<std::string_view> pieces) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  if (size == 0) return;
  if (size > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("a text of more than 4 GiB");
  auto* const block = new (size + 1) Block;
  block_ = block;
  block->size = static_cast<std::uint32_t>(size);
  char* at = block->characters();
  for (const std::string_view piece : pieces) at = std::ranges::copy(piece, at).out;
  *at = '\0';
}

}  // namespace roamsync
