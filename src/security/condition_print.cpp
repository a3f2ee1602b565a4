#include <roamsync/security_sddl.hpp>

#include <algorithm>

#include "base/bytes.hpp"
#include "security/condition.hpp"
#include "security/number_text.hpp"
#include "security/sddl_text.hpp"

namespace roamsync {
namespace {

using sddl::Operands;

std::string in_parentheses(const std::string& text) { return '(' + text + ')'; }

std::string octal_text(std::uint64_t value) {
  std::string out;
  do out.insert(out.begin(), static_cast<char>('0' + (value & 7U)));
  while ((value >>= 3) != 0);
  return '0' + out;
}

std::optional<std::string> integer_text(ByteReader& in) {
  const auto stored = in.take<std::uint64_t>();
  const auto sign = in.take<std::uint8_t>();
  const auto base = in.take<std::uint8_t>();
  if (!in.ok()) return std::nullopt;
  const std::uint64_t value = sign == sddl::number_sign::minus ? std::uint64_t{0} - stored : stored;
  std::string out = sign == sddl::number_sign::plus ? "+" : sign == sddl::number_sign::minus ? "-" : "";
  switch (base) {
    case sddl::number_base::octal: return out + octal_text(value);
    case sddl::number_base::decimal: return out + std::to_string(value);
    case sddl::number_base::hexadecimal: return out + hex_text(value);
    default: return std::nullopt;
  }
}

class ConditionPrinter {
 public:
  explicit ConditionPrinter(const std::optional<Sid>& domain) : domain_(domain) {}

  std::optional<std::string> run(std::span<const std::byte> bytes) {
    ByteReader in(bytes);
    while (in.left() != 0) {
      const auto token = in.take<std::uint8_t>();
      if (token == sddl::token::padding) break;
      if (!take(token, in)) return std::nullopt;
    }
    if (stack_.size() != 1) return std::nullopt;
    return in_parentheses(stack_.back());
  }

 private:
  bool take(std::uint8_t token, ByteReader& in) {
    if (const auto* one = sddl::find_condition_operator(token)) return apply(*one);
    auto text = operand(token, in);
    if (text) stack_.push_back(std::move(*text));
    return text.has_value();
  }

  std::optional<std::string> operand(std::uint8_t token, ByteReader& in) {
    if (token == sddl::token::int64) return integer_text(in);
    const auto size = in.take<std::uint32_t>();
    const auto bytes = in.take_bytes(size);
    if (!in.ok()) return std::nullopt;
    if (const auto* kind = sddl::find_attribute_kind(token)) {
      const auto name = sddl::text_of_utf16(bytes, sddl::Spelled::name);
      return name ? std::optional(std::string(kind->prefix) + *name) : std::nullopt;
    }
    switch (token) {
      case sddl::token::string: {
        const auto text = sddl::text_of_utf16(bytes, sddl::Spelled::quoted);
        return text ? std::optional('"' + *text + '"') : std::nullopt;
      }
      case sddl::token::octets: return '#' + sddl::octets_text(bytes);
      case sddl::token::sid: {
        const auto sid = Sid::read(bytes);
        return sid ? std::optional("SID(" + print_sddl(*sid, domain_) + ')') : std::nullopt;
      }
      case sddl::token::composite: return set(bytes);
      default: return std::nullopt;
    }
  }

  std::optional<std::string> set(std::span<const std::byte> bytes) {
    ByteReader in(bytes);
    std::string out;
    while (in.left() != 0) {
      const auto token = in.take<std::uint8_t>();
      // Sets in sets, which no text has, could go on without end.
      const auto text = token == sddl::token::composite ? std::nullopt : operand(token, in);
      if (!text) return std::nullopt;
      out += (out.empty() ? "" : ", ") + *text;
    }
    return '{' + out + '}';
  }

  bool apply(const sddl::ConditionOperator& one) {
    const bool is_binary = one.operands == Operands::two || one.operands == Operands::two_expressions;
    if (stack_.size() < (is_binary ? 2U : 1U)) return false;
    std::string right = std::move(stack_.back());
    stack_.pop_back();
    const std::string word(one.word);
    switch (one.operands) {
      case Operands::one_set:
      case Operands::one_attribute: stack_.push_back(word + ' ' + right); break;
      case Operands::one_expression: stack_.push_back(word + in_parentheses(right)); break;
      case Operands::two: stack_.back() += ' ' + word + ' ' + right; break;
      case Operands::two_expressions:
        stack_.back() = in_parentheses(stack_.back()) + ' ' + word + ' ' + in_parentheses(right);
        break;
    }
    return true;
  }

  const std::optional<Sid>& domain_;
  std::vector<std::string> stack_;
};

}  // namespace

std::optional<std::string> condition_text(std::span<const std::byte> bytes, const std::optional<Sid>& domain) {
  const auto mark = std::as_bytes(std::span(sddl::condition_mark));
  if (bytes.size() < mark.size() || !std::equal(mark.begin(), mark.end(), bytes.begin())) return std::nullopt;
  auto text = ConditionPrinter(domain).run(bytes.subspan(mark.size()));
  if (!text) return std::nullopt;
  std::string_view rest = *text;
  const auto again = take_condition(rest, domain);
  if (!again || !rest.empty() || !sddl::same_but_padding(bytes, again.value())) return std::nullopt;
  return text;
}

}  // namespace roamsync
