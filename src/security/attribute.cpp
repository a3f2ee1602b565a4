#include <roamsync/security_attribute.hpp>

#include <algorithm>
#include <cstring>

#include "base/bytes.hpp"
#include "base/upcase.hpp"
#include "security/number_text.hpp"

namespace roamsync {
namespace {

constexpr std::size_t descriptor_header_size = 20;
constexpr std::size_t version_1_header_size = 8;
constexpr std::uint32_t pointer_present = 0x0002'0000;  // any value but 0 says that something follows
constexpr std::array<std::size_t, 4> offset_fields{4, 8, 12, 16};
constexpr std::size_t description_size_max = 1024;

Error bad(std::size_t offset, std::string expected, std::string found) {
  return Error(Errc::bad_descriptor, {.step = "read the attribute of Samba",
                                      .expected = std::move(expected) + " at offset " + std::to_string(offset),
                                      .found = std::move(found)});
}

/// Offsets of the descriptor at `start` are counted from its own first byte afterwards.
Result<std::vector<std::byte>> moved_to_front(std::span<const std::byte> bytes, std::size_t start) {
  if (bytes.size() < start + descriptor_header_size) {
    return bad(start, "a descriptor", std::to_string(bytes.size() - std::min(start, bytes.size())) + " bytes");
  }
  std::vector<std::byte> moved(bytes.begin() + static_cast<std::ptrdiff_t>(start), bytes.end());
  for (const std::size_t field : offset_fields) {
    const auto offset = ByteView(moved).at<std::uint32_t>(field);
    if (offset == 0) continue;
    if (offset < start + descriptor_header_size || offset > bytes.size()) {
      return bad(start + field, "an offset behind the descriptor's header", std::to_string(offset));
    }
    const std::uint32_t from_front = from_little(static_cast<std::uint32_t>(offset - start));
    std::memcpy(moved.data() + field, &from_front, sizeof from_front);
  }
  return moved;
}

Result<std::string> take_description(ByteReader& in, std::span<const std::byte> bytes) {
  const auto rest = bytes.subspan(in.offset());
  const auto end = std::find(rest.begin(), rest.end(), std::byte{0});
  const auto size = static_cast<std::size_t>(end - rest.begin());
  if (end == rest.end() || size > description_size_max) {
    return bad(in.offset(), "a text that ends", std::to_string(size) + " bytes without an end");
  }
  const auto text = in.take_bytes(size + 1);
  return std::string(reinterpret_cast<const char*>(text.data()), size);
}

void align(ByteReader& in) { static_cast<void>(in.take_bytes((4 - in.offset() % 4) % 4)); }

int hex_value(char digit) {
  const int value = digit_value(digit);
  return value < 16 ? value : -1;
}

// What stands in quotes after `prefix(N) = `, with `\XX` for bytes that cannot be printed; nothing when the line is another.
std::optional<std::string> dumped_value(std::string_view line, std::string_view prefix) {
  if (!line.starts_with(prefix)) return std::nullopt;
  const std::size_t begin = line.find('"');
  const std::size_t end = line.rfind('"');
  if (begin == line.npos || end <= begin) return std::nullopt;
  const std::string_view quoted = line.substr(begin + 1, end - begin - 1);
  std::string value;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] != '\\') {
      value += quoted[i];
      continue;
    }
    if (i + 2 >= quoted.size()) return std::nullopt;
    const int high = hex_value(quoted[i + 1]);
    const int low = hex_value(quoted[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    value += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return value;
}

}  // namespace

Result<NtAclAttribute> parse_nt_acl_attribute(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  NtAclAttribute attribute;
  attribute.version = in.take<std::uint16_t>();
  const auto arm = in.take<std::uint16_t>();
  if (!in.ok() || attribute.version < 1 || attribute.version > 4) {
    return bad(0, "version 1 to 4", in.ok() ? "version " + std::to_string(attribute.version) : "the end");
  }
  if (arm != attribute.version) return bad(2, "the version once more", std::to_string(arm));
  // From version 2 a structure stands between, which begins with a pointer of its own.
  for (int pointers = attribute.version == 1 ? 1 : 2; pointers > 0; --pointers) {
    const std::size_t at = in.offset();
    if (in.take<std::uint32_t>() == 0) return bad(at, "a descriptor", "none");
  }
  if (attribute.version == 2) static_cast<void>(in.take_bytes(16));
  if (attribute.version >= 3) {
    attribute.hash_type = static_cast<NtAclAttribute::HashType>(in.take<std::uint16_t>());
    static_cast<void>(in.take_bytes(64));
  }
  if (attribute.version == 4 && in.ok()) {
    BOOST_OUTCOME_TRY(attribute.description, take_description(in, bytes));
    align(in);
    static_cast<void>(in.take_bytes(8 + 64));  // when, and the hash of the system's own list
  }
  align(in);
  if (!in.ok()) return bad(bytes.size(), "the rest of version " + std::to_string(attribute.version), "the end");
  BOOST_OUTCOME_TRY(const auto moved, moved_to_front(bytes, in.offset()));
  BOOST_OUTCOME_TRY(attribute.descriptor, SecurityDescriptor::parse(moved));
  return attribute;
}

std::vector<std::byte> write_nt_acl_attribute(const SecurityDescriptor& descriptor) {
  ByteWriter out;
  out.put<std::uint16_t>(1);
  out.put<std::uint16_t>(1);
  out.put<std::uint32_t>(pointer_present);
  std::vector<std::byte> bytes = descriptor.bytes();
  for (const std::size_t field : offset_fields) {
    const auto offset = ByteView(bytes).at<std::uint32_t>(field);
    if (offset == 0) continue;
    const std::uint32_t from_attribute = from_little(static_cast<std::uint32_t>(offset + version_1_header_size));
    std::memcpy(bytes.data() + field, &from_attribute, sizeof from_attribute);
  }
  out.put_bytes(bytes);
  return out.take();
}

Result<std::optional<SecurityDescriptor>> find_share_descriptor(std::string_view dump, std::string_view share) {
  constexpr std::string_view prefix = "SECDESC/";
  bool is_next = false;
  while (!dump.empty()) {
    const std::size_t end = std::min(dump.find('\n'), dump.size());
    const std::string_view line = dump.substr(0, end);
    dump.remove_prefix(std::min(end + 1, dump.size()));
    if (auto key = dumped_value(line, "key(")) {
      if (!key->empty() && key->back() == '\0') key->pop_back();  // some versions of Samba count it in
      is_next = key->starts_with(prefix) && compare_upcased(std::string_view(*key).substr(prefix.size()), share) == 0;
    } else if (is_next && line.starts_with("data(")) {
      const auto data = dumped_value(line, "data(");
      if (!data) {
        return Error(Errc::bad_descriptor, {.step = "read the permissions of share " + std::string(share),
                                            .expected = "bytes as tdbdump prints them",
                                            .found = std::string(line.substr(0, 60))});
      }
      BOOST_OUTCOME_TRY(auto descriptor, SecurityDescriptor::parse(std::as_bytes(std::span(*data))));
      return std::optional(std::move(descriptor));
    }
  }
  return std::optional<SecurityDescriptor>();
}

}  // namespace roamsync
