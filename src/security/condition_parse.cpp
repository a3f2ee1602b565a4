#include <roamsync/security_sddl.hpp>

#include "base/bytes.hpp"
#include "security/condition.hpp"
#include "security/number_text.hpp"
#include "security/sddl_text.hpp"
#include "security/sddl_words.hpp"

namespace roamsync {
namespace {

using sddl::bad_sddl;
using sddl::Operands;
using sddl::skip_blanks;

constexpr int depth_max = 200;  // of parentheses: the stack is not endless

class ConditionReader {
 public:
  ConditionReader(std::string_view text, const std::optional<Sid>& domain) : text_(text), domain_(domain) {
    out_.put_bytes(std::as_bytes(std::span(sddl::condition_mark)));
  }

  Result<std::vector<std::byte>> run() {
    BOOST_OUTCOME_TRY(take_in_parentheses());
    return out_.take();
  }
  std::string_view rest() const { return text_; }

 private:
  Result<void> expect(std::string_view what) {
    text_ = skip_blanks(text_);
    if (!text_.starts_with(what)) return bad_sddl("'" + std::string(what) + "' in a condition", text_);
    text_.remove_prefix(what.size());
    return success();
  }

  bool skip(std::string_view what) {
    text_ = skip_blanks(text_);
    if (!text_.starts_with(what)) return false;
    text_.remove_prefix(what.size());
    return true;
  }

  Result<void> take_in_parentheses() {
    if (++depth_ > depth_max) return bad_sddl("a condition of fewer parentheses", text_);
    BOOST_OUTCOME_TRY(expect("("));
    BOOST_OUTCOME_TRY(take_alternatives());
    BOOST_OUTCOME_TRY(expect(")"));
    --depth_;
    return success();
  }

  Result<void> take_alternatives() {
    BOOST_OUTCOME_TRY(take_conjunction());
    while (skip("||")) {
      BOOST_OUTCOME_TRY(take_conjunction());
      out_.put<std::uint8_t>(0xA1);
    }
    return success();
  }

  Result<void> take_conjunction() {
    BOOST_OUTCOME_TRY(take_term());
    while (skip("&&")) {
      BOOST_OUTCOME_TRY(take_term());
      out_.put<std::uint8_t>(0xA0);
    }
    return success();
  }

  Result<void> take_term() {
    text_ = skip_blanks(text_);
    if (text_.starts_with('(')) return take_in_parentheses();
    if (const auto* negation = take_operator(Operands::one_expression)) {
      BOOST_OUTCOME_TRY(take_in_parentheses());
      return put_operator(*negation);
    }
    if (const auto* membership = take_operator(Operands::one_set)) {
      BOOST_OUTCOME_TRY(take_set());
      return put_operator(*membership);
    }
    if (const auto* existence = take_operator(Operands::one_attribute)) {
      BOOST_OUTCOME_TRY(take_attribute());
      return put_operator(*existence);
    }
    BOOST_OUTCOME_TRY(take_attribute());
    if (const auto* comparison = take_operator(Operands::two)) {
      BOOST_OUTCOME_TRY(take_value());
      return put_operator(*comparison);
    }
    return success();
  }

  const sddl::ConditionOperator* take_operator(Operands operands) {
    text_ = skip_blanks(text_);
    const auto* found = sddl::find_condition_operator(text_, operands);
    if (found != nullptr) text_.remove_prefix(found->word.size());
    return found;
  }

  Result<void> put_operator(const sddl::ConditionOperator& one) {
    out_.put<std::uint8_t>(one.token);
    return success();
  }

  // What stands with a size before it.
  void put_sized(std::uint8_t token, std::span<const std::byte> bytes) {
    out_.put<std::uint8_t>(token);
    out_.put<std::uint32_t>(static_cast<std::uint32_t>(bytes.size()));
    out_.put_bytes(bytes);
  }

  Result<void> take_attribute() {
    text_ = skip_blanks(text_);
    const std::string_view whole = text_;
    const sddl::AttributeKind& kind = sddl::find_attribute_kind(text_);
    text_.remove_prefix(kind.prefix.size());
    std::size_t size = 0;
    while (size < text_.size() && !sddl::ends_name(text_[size])) ++size;
    const auto name = sddl::utf16_of(text_.substr(0, size));
    if (size == 0 || !name || (kind.prefix.empty() && text_[0] == '@')) {
      return bad_sddl("the name of an attribute such as @User.Title", whole);
    }
    text_.remove_prefix(size);
    put_sized(kind.token, *name);
    return success();
  }

  // One SID, or several in braces, where Windows takes any literal; parentheses around them mean nothing.
  Result<void> take_set() {
    if (skip("(")) {
      BOOST_OUTCOME_TRY(take_set());
      return expect(")");
    }
    text_ = skip_blanks(text_);
    if (text_.starts_with('{')) return take_composite();
    return take_sid();
  }

  Result<void> take_value() {
    text_ = skip_blanks(text_);
    if (skip("(")) {
      BOOST_OUTCOME_TRY(take_value());
      return expect(")");
    }
    if (text_.starts_with('{')) return take_composite();
    if (is_literal()) return take_literal();
    return take_attribute();
  }

  bool is_literal() const {
    if (text_.empty()) return false;
    const char first = text_.front();
    return first == '"' || first == '#' || first == '+' || first == '-' || digit_value(first) < 10 ||
           sddl::same_word(text_.substr(0, 4), "SID(");
  }

  Result<void> take_composite() {
    BOOST_OUTCOME_TRY(expect("{"));
    ByteWriter outer = std::move(out_);
    out_ = ByteWriter();
    if (!skip("}")) {
      do {
        BOOST_OUTCOME_TRY(take_literal());
      } while (skip(","));
      BOOST_OUTCOME_TRY(expect("}"));
    }
    const std::vector<std::byte> literals = out_.take();
    out_ = std::move(outer);
    put_sized(sddl::token::composite, literals);
    return success();
  }

  Result<void> take_literal() {
    text_ = skip_blanks(text_);
    if (text_.starts_with('"')) return take_string();
    if (text_.starts_with('#')) {
      BOOST_OUTCOME_TRY(const auto bytes, sddl::take_octets(text_));
      put_sized(sddl::token::octets, bytes);
      return success();
    }
    if (sddl::same_word(text_.substr(0, 3), "SID")) return take_sid();
    return take_integer();
  }

  Result<void> take_string() {
    const std::size_t end = text_.find('"', 1);
    const auto bytes = end == text_.npos ? std::nullopt : sddl::utf16_of(text_.substr(1, end - 1));
    if (!bytes) return bad_sddl("a string with its quotes", text_);
    text_.remove_prefix(end + 1);
    put_sized(sddl::token::string, *bytes);
    return success();
  }

  Result<void> take_sid() {
    text_ = skip_blanks(text_);
    const std::string_view whole = text_;
    if (!sddl::same_word(text_.substr(0, 3), "SID")) return bad_sddl("SID(…)", whole);
    text_.remove_prefix(3);
    BOOST_OUTCOME_TRY(expect("("));
    const std::size_t end = text_.find(')');
    if (end == text_.npos) return bad_sddl("SID(…)", whole);
    BOOST_OUTCOME_TRY(const Sid sid, parse_sddl_sid(text_.substr(0, end), domain_));
    text_.remove_prefix(end + 1);
    put_sized(sddl::token::sid, sid.bytes());
    return success();
  }

  Result<void> take_integer() {
    const std::string_view whole = text_;
    std::uint8_t sign = sddl::number_sign::none;
    if (text_.starts_with('+') || text_.starts_with('-')) {
      sign = text_.front() == '+' ? sddl::number_sign::plus : sddl::number_sign::minus;
      text_.remove_prefix(1);
    }
    const bool is_octal = text_.size() > 1 && text_[0] == '0' && digit_value(text_[1]) < 8;
    const std::uint8_t base = starts_with_hex_mark(text_) ? sddl::number_base::hexadecimal
                              : is_octal                  ? sddl::number_base::octal
                                                          : sddl::number_base::decimal;
    if (text_.empty() || digit_value(text_.front()) > 9) return bad_sddl("a number, a string, a SID or #…", whole);
    const auto number = take_number(text_, is_octal ? 8 : 10);
    if (!number || *number > INT64_MAX) return bad_sddl("a number of 64 bits", whole);
    out_.put<std::uint8_t>(sddl::token::int64);
    out_.put<std::uint64_t>(sign == sddl::number_sign::minus ? std::uint64_t{0} - *number : *number);
    out_.put<std::uint8_t>(sign);
    out_.put<std::uint8_t>(base);
    return success();
  }

  std::string_view text_;
  const std::optional<Sid>& domain_;
  ByteWriter out_;
  int depth_ = 0;
};

}  // namespace

Result<std::vector<std::byte>> take_condition(std::string_view& text, const std::optional<Sid>& domain) {
  ConditionReader reader(text, domain);
  BOOST_OUTCOME_TRY(auto bytes, reader.run());
  text = reader.rest();
  return bytes;
}

}  // namespace roamsync
