#include <roamsync/hive.hpp>

#include <algorithm>
#include <cstring>

#include "hive/base_block.hpp"
#include "hive/records.hpp"

namespace roamsync::hive {
namespace {

// Fields of cells too short to hold them read as nothing; a hive that was judged has none.
template <class T>
T field(ByteView cell, std::uint64_t at, T otherwise = {}) noexcept {
  return cell.get<T>(at).value_or(otherwise);
}

std::span<const std::byte> clipped(ByteView cell, std::uint64_t at, std::uint64_t size) noexcept {
  if (at >= cell.size()) return {};
  return cell.part(at, std::min<std::uint64_t>(size, cell.size() - at))->bytes();
}

// The elements of a list, whole ones only.
std::span<const std::byte> elements_of(ByteView list, std::uint32_t stride) noexcept {
  const std::uint64_t wanted = std::uint64_t{field<std::uint16_t>(list, list_field::count)} * stride;
  const auto bytes = clipped(list, list_field::elements, wanted);
  return bytes.first(bytes.size() / stride * stride);
}

std::uint32_t element(std::span<const std::byte> elements) noexcept { return ByteView(elements).at<std::uint32_t>(0); }

}  // namespace

std::span<const std::byte> Bins::cell(std::uint32_t offset) const noexcept {
  const ByteView bins(std::span(data, size));
  const auto stored = bins.get<std::uint32_t>(offset);
  if (!stored || offset % 8 != 0) return {};
  const std::uint32_t cell_size = (*stored & 0x80000000) != 0 ? 0 - *stored : *stored;
  if (cell_size < 8) return {};
  const auto payload = bins.part(std::uint64_t{offset} + 4, cell_size - 4);
  return payload ? payload->bytes() : std::span<const std::byte>{};
}

std::span<const std::byte> Data::piece(std::uint32_t offset) const noexcept {
  if (offset >= size_) return {};
  if (first_ != nullptr) return {first_ + offset, size_ - offset};
  const auto segment = field<std::uint32_t>(ByteView(bins_.cell(list_)), std::uint64_t{offset / segment_size} * 4, nil);
  const std::uint32_t skip = offset % segment_size;
  return clipped(bins_.cell(segment), skip, std::min(segment_size - skip, size_ - offset));
}

std::vector<std::byte> Data::bytes() const {
  std::vector<std::byte> bytes;
  bytes.reserve(size_);
  while (true) {
    const auto next = piece(static_cast<std::uint32_t>(bytes.size()));
    if (next.empty()) return bytes;
    bytes.insert(bytes.end(), next.begin(), next.end());
  }
}

int Data::compare(const Data& other) const noexcept {
  for (std::uint32_t at = 0;;) {
    const auto mine = piece(at);
    const auto theirs = other.piece(at);
    const std::size_t common = std::min(mine.size(), theirs.size());
    if (common == 0) break;
    if (const int order = std::memcmp(mine.data(), theirs.data(), common); order != 0) return order;
    at += static_cast<std::uint32_t>(common);
  }
  return size_ == other.size_ ? 0 : size_ < other.size_ ? -1 : 1;
}

Name Value::name() const noexcept {
  const ByteView cell(bins_.cell(cell_));
  const bool compressed = (field<std::uint16_t>(cell, value_field::flags) & value_name_compressed) != 0;
  return {clipped(cell, value_field::name, field<std::uint16_t>(cell, value_field::name_size)), compressed};
}

std::uint32_t Value::type() const noexcept { return field<std::uint32_t>(bins_.cell(cell_), value_field::type); }

Data Value::data() const noexcept {
  const ByteView cell(bins_.cell(cell_));
  const auto size = field<std::uint32_t>(cell, value_field::data_size);
  if ((size & resident_bit) != 0) return Data(clipped(cell, value_field::data, std::min(size & ~resident_bit, 4U)));
  if (size == 0) return {};
  const ByteView data(bins_.cell(field<std::uint32_t>(cell, value_field::data, nil)));
  if (size <= segment_size || bins_.minor <= 3) return Data(clipped(data, 0, size));
  if (field<std::uint16_t>(data, 0) != big_data_mark) return {};
  const std::uint64_t held = std::uint64_t{field<std::uint16_t>(data, big_data_field::count)} * segment_size;
  return Data(bins_, field<std::uint32_t>(data, big_data_field::list, nil),
              static_cast<std::uint32_t>(std::min<std::uint64_t>(size, held)));
}

std::uint64_t Value::file_offset() const noexcept { return std::uint64_t{base_block_size} + cell_; }

Name Key::name() const noexcept {
  const ByteView cell(bins_.cell(cell_));
  return {clipped(cell, key_field::name, field<std::uint16_t>(cell, key_field::name_size)),
          (flags() & key_flag::compressed_name) != 0};
}
FileTime Key::time() const noexcept {
  return {static_cast<std::int64_t>(field<std::uint64_t>(bins_.cell(cell_), key_field::time))};
}
std::uint16_t Key::flags() const noexcept { return field<std::uint16_t>(bins_.cell(cell_), key_field::flags); }
std::uint32_t Key::access_bits() const noexcept { return field<std::uint32_t>(bins_.cell(cell_), key_field::access); }
std::uint16_t Key::user_flags() const noexcept {
  return field<std::uint16_t>(bins_.cell(cell_), key_field::name_max + 2);
}

Name Key::class_name() const noexcept {
  const ByteView cell(bins_.cell(cell_));
  const auto size = field<std::uint16_t>(cell, key_field::class_size);
  if (size == 0) return {};
  return {clipped(bins_.cell(field<std::uint32_t>(cell, key_field::class_name, nil)), 0, size), false};
}

std::span<const std::byte> Key::security() const noexcept {
  const ByteView cell(bins_.cell(field<std::uint32_t>(bins_.cell(cell_), key_field::security, nil)));
  return clipped(cell, security_field::descriptor, field<std::uint32_t>(cell, security_field::size));
}

std::optional<std::uint32_t> Key::predefined_handle() const noexcept {
  if ((flags() & key_flag::predefined) == 0) return std::nullopt;
  return field<std::uint32_t>(bins_.cell(cell_), key_field::value_count);
}

std::uint32_t Key::subkey_count() const noexcept {
  return field<std::uint32_t>(bins_.cell(cell_), key_field::subkey_count);
}

SubkeyRange Key::subkeys() const noexcept {
  const std::uint32_t list = field<std::uint32_t>(bins_.cell(cell_), key_field::subkey_list, nil);
  return {bins_, subkey_count() == 0 ? nil : list};
}

std::uint32_t Key::value_count() const noexcept {
  return predefined_handle() ? 0 : field<std::uint32_t>(bins_.cell(cell_), key_field::value_count);
}

ValueRange Key::values() const noexcept {
  const std::uint32_t count = value_count();
  if (count == 0) return {bins_, {}};
  const auto list = bins_.cell(field<std::uint32_t>(bins_.cell(cell_), key_field::value_list, nil));
  const auto held = clipped(list, 0, std::uint64_t{count} * 4);
  return {bins_, held.first(held.size() / 4 * 4)};
}

std::optional<Key> Key::subkey(Name wanted) const noexcept {
  const auto search = [&](ByteView list) -> std::optional<Key> {
    const std::uint32_t stride = element_size(field<std::uint16_t>(list, 0));
    if (stride == 0) return std::nullopt;
    auto left = elements_of(list, stride);
    while (!left.empty()) {
      const std::size_t middle = left.size() / stride / 2 * stride;
      const Key key(bins_, element(left.subspan(middle)));
      const int order = key.name().compare(wanted);
      if (order == 0) return key;
      left = order < 0 ? left.subspan(middle + stride) : left.first(middle);
    }
    return std::nullopt;
  };
  if (subkey_count() == 0) return std::nullopt;
  const ByteView top(bins_.cell(field<std::uint32_t>(bins_.cell(cell_), key_field::subkey_list, nil)));
  if (field<std::uint16_t>(top, 0) != list_of_lists_mark) return search(top);
  for (auto lists = elements_of(top, 4); !lists.empty(); lists = lists.subspan(4)) {
    if (const auto found = search(bins_.cell(element(lists)))) return found;
  }
  return std::nullopt;
}

std::optional<Value> Key::value(Name wanted) const noexcept {
  for (const Value value : values()) {
    if (value.name().same(wanted)) return value;
  }
  return std::nullopt;
}

std::optional<Key> Key::find(std::u16string_view path) const noexcept {
  std::optional<Key> key = *this;
  while (key && !path.empty()) {
    const std::size_t end = std::min(path.find(u'\\'), path.size());
    key = key->subkey(Name(path.substr(0, end)));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return key;
}

std::uint64_t Key::file_offset() const noexcept { return std::uint64_t{base_block_size} + cell_; }

Value ValueRange::iterator::operator*() const noexcept { return {bins_, element({at_, 4})}; }

SubkeyRange::iterator::iterator(Bins bins, std::span<const std::byte> lists, std::span<const std::byte> leaf,
                                std::uint32_t stride) noexcept
    : bins_(bins), lists_(lists), leaf_(leaf), stride_(stride) {
  skip_empty();
}

Key SubkeyRange::iterator::operator*() const noexcept { return {bins_, element(leaf_)}; }

SubkeyRange::iterator& SubkeyRange::iterator::operator++() noexcept {
  leaf_ = leaf_.subspan(stride_);
  skip_empty();
  return *this;
}

void SubkeyRange::iterator::skip_empty() noexcept {
  while (leaf_.empty() && !lists_.empty()) {
    const ByteView list(bins_.cell(element(lists_)));
    lists_ = lists_.subspan(4);
    stride_ = element_size(field<std::uint16_t>(list, 0));
    if (stride_ != 0) leaf_ = elements_of(list, stride_);
  }
}

SubkeyRange::iterator SubkeyRange::begin() const noexcept {
  const ByteView list(bins_.cell(list_));
  const auto mark = field<std::uint16_t>(list, 0);
  if (mark == list_of_lists_mark) return {bins_, elements_of(list, 4), {}, 4};
  const std::uint32_t stride = element_size(mark);
  if (stride == 0) return {bins_, {}, {}, 4};
  return {bins_, {}, elements_of(list, stride), stride};
}

}  // namespace roamsync::hive
