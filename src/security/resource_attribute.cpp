#include "security/resource_attribute.hpp"

#include <roamsync/security_sddl.hpp>

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "security/number_text.hpp"
#include "security/sddl_text.hpp"
#include "security/sddl_words.hpp"

namespace roamsync {
namespace {

using sddl::bad_sddl;
using sddl::skip_blanks;

enum class Kind : std::uint16_t { integer = 1, unsigned_integer = 2, string = 3, sid = 5, boolean = 6, octets = 16 };

struct KindWord {
  std::string_view word;
  Kind kind;
};
constexpr std::array kind_words{KindWord{"TI", Kind::integer}, KindWord{"TU", Kind::unsigned_integer},
                                KindWord{"TS", Kind::string},  KindWord{"TD", Kind::sid},
                                KindWord{"TB", Kind::boolean}, KindWord{"TX", Kind::octets}};

constexpr std::size_t header_size = 16;  // before the offsets of the values
constexpr std::array<std::byte, 2> end_of_string{};

std::vector<std::byte> with_size(std::span<const std::byte> bytes) {
  ByteWriter out;
  out.put<std::uint32_t>(static_cast<std::uint32_t>(bytes.size()));
  out.put_bytes(bytes);
  return out.take();
}

class AttributeReader {
 public:
  AttributeReader(std::string_view text, const std::optional<Sid>& domain) : text_(text), domain_(domain) {}

  Result<std::vector<std::byte>> run() {
    BOOST_OUTCOME_TRY(expect('('));
    BOOST_OUTCOME_TRY(const auto name, take_string());
    BOOST_OUTCOME_TRY(expect(','));
    BOOST_OUTCOME_TRY(const Kind kind, take_kind());
    BOOST_OUTCOME_TRY(expect(','));
    text_ = skip_blanks(text_);
    const auto flags = take_number(text_, 0);
    if (!flags || *flags > UINT32_MAX) return bad_sddl("the flags of an attribute", text_);
    std::vector<std::vector<std::byte>> values;
    for (text_ = skip_blanks(text_); text_.starts_with(','); text_ = skip_blanks(text_)) {
      text_.remove_prefix(1);
      BOOST_OUTCOME_TRY(values.emplace_back(), take_value(kind));
    }
    BOOST_OUTCOME_TRY(expect(')'));
    return packed(name, kind, static_cast<std::uint32_t>(*flags), values);
  }
  std::string_view rest() const { return text_; }

 private:
  Result<void> expect(char what) {
    text_ = skip_blanks(text_);
    if (!text_.starts_with(what)) return bad_sddl(std::string("'") + what + "' in an attribute", text_);
    text_.remove_prefix(1);
    return success();
  }

  Result<std::vector<std::byte>> take_string() {
    text_ = skip_blanks(text_);
    const std::size_t end = text_.starts_with('"') ? text_.find('"', 1) : text_.npos;
    auto bytes = end == text_.npos ? std::nullopt : sddl::utf16_of(text_.substr(1, end - 1));
    if (!bytes) return bad_sddl("a string with its quotes", text_);
    text_.remove_prefix(end + 1);
    bytes->insert(bytes->end(), end_of_string.begin(), end_of_string.end());
    return std::move(*bytes);
  }

  Result<Kind> take_kind() {
    text_ = skip_blanks(text_);
    for (const KindWord& row : kind_words) {
      if (!sddl::same_word(text_.substr(0, 2), row.word)) continue;
      text_.remove_prefix(2);
      return row.kind;
    }
    return bad_sddl("a kind of values: TI, TU, TS, TD, TX or TB", text_);
  }

  Result<std::vector<std::byte>> take_value(Kind kind) {
    text_ = skip_blanks(text_);
    switch (kind) {
      case Kind::string: return take_string();
      case Kind::octets: {
        BOOST_OUTCOME_TRY(const auto bytes, sddl::take_octets(text_));
        return with_size(bytes);
      }
      case Kind::sid: {
        const bool is_wrapped = sddl::same_word(text_.substr(0, 4), "SID(");
        if (is_wrapped) text_.remove_prefix(4);
        const std::size_t end = std::min(text_.find_first_of(",)"), text_.size());
        BOOST_OUTCOME_TRY(const Sid sid, parse_sddl_sid(text_.substr(0, end), domain_));
        text_.remove_prefix(end);
        if (is_wrapped) {
          BOOST_OUTCOME_TRY(expect(')'));
        }
        return with_size(sid.bytes());
      }
      case Kind::integer:
      case Kind::unsigned_integer:
      case Kind::boolean: break;
    }
    const std::string_view whole = text_;
    const bool is_negative = kind == Kind::integer && text_.starts_with('-');
    if (is_negative || text_.starts_with('+')) text_.remove_prefix(1);
    const auto number = take_number(text_, 0);
    if (!number || (kind == Kind::boolean && *number > 1)) return bad_sddl("a number that fits the attribute", whole);
    ByteWriter out;
    out.put<std::uint64_t>(is_negative ? std::uint64_t{0} - *number : *number);
    return out.take();
  }

  static std::vector<std::byte> packed(std::span<const std::byte> name, Kind kind, std::uint32_t flags,
                                       const std::vector<std::vector<std::byte>>& values) {
    ByteWriter out;
    std::size_t offset = header_size + 4 * values.size();
    out.put<std::uint32_t>(static_cast<std::uint32_t>(offset));
    out.put<std::uint16_t>(static_cast<std::uint16_t>(kind));
    out.put<std::uint16_t>(0);
    out.put<std::uint32_t>(flags);
    out.put<std::uint32_t>(static_cast<std::uint32_t>(values.size()));
    offset += name.size();
    for (const auto& value : values) {
      out.put<std::uint32_t>(static_cast<std::uint32_t>(offset));
      offset += value.size();
    }
    out.put_bytes(name);
    for (const auto& value : values) out.put_bytes(value);
    return out.take();
  }

  std::string_view text_;
  const std::optional<Sid>& domain_;
};

class AttributePrinter {
 public:
  AttributePrinter(std::span<const std::byte> bytes, const std::optional<Sid>& domain)
      : bytes_(bytes), domain_(domain) {}

  std::optional<std::string> run() const {
    ByteReader in(bytes_);
    const auto name = string_at(in.take<std::uint32_t>());
    const auto kind = static_cast<Kind>(in.take<std::uint16_t>());
    static_cast<void>(in.take<std::uint16_t>());
    const auto flags = in.take<std::uint32_t>();
    const auto count = in.take<std::uint32_t>();
    const auto word =
        std::find_if(kind_words.begin(), kind_words.end(), [kind](const auto& row) { return row.kind == kind; });
    if (!in.ok() || !name || word == kind_words.end() || count > in.left() / 4) return std::nullopt;
    std::string out = "(" + *name + ',' + std::string(word->word) + ',' + hex_text(flags);
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto value = value_at(kind, in.take<std::uint32_t>());
      if (!value) return std::nullopt;
      out += ',' + *value;
    }
    return out + ')';
  }

 private:
  std::span<const std::byte> from(std::uint32_t offset) const {
    return offset <= bytes_.size() ? bytes_.subspan(offset) : std::span<const std::byte>();
  }

  std::optional<std::string> string_at(std::uint32_t offset) const {
    const auto rest = from(offset);
    std::size_t size = 0;
    while (size + 1 < rest.size() && (rest[size] != std::byte{0} || rest[size + 1] != std::byte{0})) size += 2;
    if (size + 1 >= rest.size()) return std::nullopt;
    const auto text = sddl::text_of_utf16(rest.first(size), sddl::Spelled::quoted);
    return text ? std::optional('"' + *text + '"') : std::nullopt;
  }

  std::optional<std::string> value_at(Kind kind, std::uint32_t offset) const {
    if (kind == Kind::string) return string_at(offset);
    ByteReader in(from(offset));
    if (kind == Kind::octets || kind == Kind::sid) {
      const auto bytes = in.take_bytes(in.take<std::uint32_t>());
      if (!in.ok()) return std::nullopt;
      if (kind == Kind::octets) return sddl::octets_text(bytes);
      const auto sid = Sid::read(bytes);
      return sid ? std::optional(print_sddl(*sid, domain_)) : std::nullopt;
    }
    const auto number = in.take<std::uint64_t>();
    if (!in.ok()) return std::nullopt;
    return kind == Kind::integer ? std::to_string(static_cast<std::int64_t>(number)) : std::to_string(number);
  }

  std::span<const std::byte> bytes_;
  const std::optional<Sid>& domain_;
};

}  // namespace

Result<std::vector<std::byte>> take_resource_attribute(std::string_view& text, const std::optional<Sid>& domain) {
  AttributeReader reader(text, domain);
  BOOST_OUTCOME_TRY(auto bytes, reader.run());
  text = reader.rest();
  return bytes;
}

std::optional<std::string> resource_attribute_text(std::span<const std::byte> bytes, const std::optional<Sid>& domain) {
  auto text = AttributePrinter(bytes, domain).run();
  if (!text) return std::nullopt;
  std::string_view rest = *text;
  const auto again = take_resource_attribute(rest, domain);
  if (!again || !rest.empty() || !sddl::same_but_padding(bytes, again.value())) return std::nullopt;
  return text;
}

}  // namespace roamsync
