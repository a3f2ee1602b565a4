#include <roamsync/security.hpp>

#include <algorithm>

#include "security/layout.hpp"

namespace roamsync {
namespace {

template <std::unsigned_integral T>
T load(const std::byte* at, std::size_t offset) noexcept {
  T value;
  std::memcpy(&value, at + offset, sizeof value);
  return from_little(value);
}

std::vector<std::byte> ace_bytes(const Ace& ace) {
  ByteWriter writer;
  writer.put(static_cast<std::uint8_t>(ace.type));
  writer.put(ace.flags);
  writer.put(std::uint16_t{0});
  writer.put(ace.mask);
  if (layout_of(ace.type) == AceLayout::object) {
    writer.put((ace.object_type ? object_type_present : 0U) |
               (ace.inherited_object_type ? inherited_object_type_present : 0U));
    if (ace.object_type) writer.put_bytes(ace.object_type->bytes);
    if (ace.inherited_object_type) writer.put_bytes(ace.inherited_object_type->bytes);
  }
  writer.put_bytes(ace.sid.bytes());
  writer.put_bytes(ace.data);
  while (writer.size() % 4 != 0) writer.put(std::uint8_t{0});
  return writer.take();
}

}  // namespace

bool AceView::is_known() const noexcept { return layout_of(type()) != AceLayout::opaque; }

AccessMask AceView::mask() const noexcept { return is_known() ? load<std::uint32_t>(at_, 4) : 0; }

std::size_t AceView::size() const noexcept { return load<std::uint16_t>(at_, 2); }

std::size_t AceView::sid_offset() const noexcept {
  if (layout_of(type()) == AceLayout::plain) return 8;
  const auto flags = load<std::uint32_t>(at_, 8);
  return 12 + ((flags & object_type_present) != 0 ? guid_size : 0) +
         ((flags & inherited_object_type_present) != 0 ? guid_size : 0);
}

std::span<const std::byte> AceView::sid_bytes() const noexcept {
  if (!is_known()) return {};
  const std::size_t at = sid_offset();
  return {at_ + at, 8 + 4 * std::to_integer<std::size_t>(at_[at + 1])};
}

Sid AceView::sid() const noexcept { return Sid::read(sid_bytes()).value_or(Sid{}); }

std::optional<Guid> AceView::object_type() const noexcept {
  if (layout_of(type()) != AceLayout::object || (load<std::uint32_t>(at_, 8) & object_type_present) == 0) return {};
  Guid guid;
  std::copy_n(at_ + 12, guid_size, guid.bytes.begin());
  return guid;
}

std::optional<Guid> AceView::inherited_object_type() const noexcept {
  if (layout_of(type()) != AceLayout::object) return {};
  if ((load<std::uint32_t>(at_, 8) & inherited_object_type_present) == 0) return {};
  Guid guid;
  std::copy_n(at_ + sid_offset() - guid_size, guid_size, guid.bytes.begin());
  return guid;
}

std::span<const std::byte> AceView::data() const noexcept {
  if (!is_known()) return bytes().subspan(ace_header_size);
  return bytes().subspan(sid_offset() + sid_bytes().size());
}

Ace AceView::ace() const {
  const auto rest = data();
  return {.type = type(),
          .flags = flags(),
          .mask = mask(),
          .sid = sid(),
          .object_type = object_type(),
          .inherited_object_type = inherited_object_type(),
          .data = {rest.begin(), rest.end()}};
}

std::size_t AclView::size() const noexcept { return load<std::uint16_t>(at_, 4); }

Acl::Acl() : bytes_(acl_header_size) {
  bytes_[0] = std::byte{revision_plain};
  bytes_[2] = std::byte{acl_header_size};
}

Result<Acl> Acl::parse(std::span<const std::byte> bytes) {
  std::size_t size = 0;
  if (const auto fault = check_acl(bytes, 0, size)) return error_of(*fault);
  return Acl(bytes.first(size));
}

Result<void> Acl::add(const Ace& ace) {
  BOOST_OUTCOME_TRY(append(ace_bytes(ace), true));
  if (revision() < revision_for(ace.type)) set_revision(revision_for(ace.type));
  return success();
}

Result<void> Acl::add(AceView ace) {
  const auto bytes = ace.bytes();
  // The entry may stand in this very list.
  BOOST_OUTCOME_TRY(append(std::vector<std::byte>(bytes.begin(), bytes.end()), true));
  return success();
}

Result<void> Acl::add_opaque(AceType type, std::uint8_t flags, std::span<const std::byte> body) {
  std::vector<std::byte> entry(ace_header_size + (body.size() + 3) / 4 * 4);
  entry[0] = static_cast<std::byte>(type);
  entry[1] = static_cast<std::byte>(flags);
  std::copy(body.begin(), body.end(), entry.begin() + ace_header_size);
  return append(entry, true);
}

Result<void> Acl::add_slack(std::size_t size) { return append(std::vector<std::byte>(size), false); }

Result<void> Acl::append(std::span<const std::byte> bytes, bool is_entry) {
  const std::size_t count = size() + (is_entry ? 1 : 0);
  const std::size_t size_after = bytes_.size() + bytes.size();
  if (size_after > bytes_max || count > 0xFFFF) {
    return Error(Errc::bad_descriptor, {.step = "add to an access control list",
                                        .expected = "at most 65535 bytes in all",
                                        .found = std::to_string(size_after) + " bytes"});
  }
  std::size_t at = acl_header_size;
  for (const AceView ace : *this) at += ace.bytes().size();
  bytes_.insert(bytes_.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin(), bytes.end());
  if (is_entry) {
    const auto size_written = static_cast<std::uint16_t>(bytes.size());
    bytes_[at + 2] = static_cast<std::byte>(size_written & 0xFF);
    bytes_[at + 3] = static_cast<std::byte>(size_written >> 8);
  }
  bytes_[2] = static_cast<std::byte>(size_after & 0xFF);
  bytes_[3] = static_cast<std::byte>(size_after >> 8);
  bytes_[4] = static_cast<std::byte>(count & 0xFF);
  bytes_[5] = static_cast<std::byte>(count >> 8);
  return success();
}

}  // namespace roamsync
