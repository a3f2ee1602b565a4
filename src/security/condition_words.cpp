#include <algorithm>
#include <array>

#include "security/condition.hpp"
#include "security/sddl_words.hpp"

namespace roamsync::sddl {
namespace {

// Where one begins another the longer comes first.
constexpr std::array operators{ConditionOperator{"Member_of_any", 0x8B, Operands::one_set},
                               ConditionOperator{"Member_of", 0x89, Operands::one_set},
                               ConditionOperator{"Device_Member_of_any", 0x8C, Operands::one_set},
                               ConditionOperator{"Device_Member_of", 0x8A, Operands::one_set},
                               ConditionOperator{"Not_Member_of_any", 0x92, Operands::one_set},
                               ConditionOperator{"Not_Member_of", 0x90, Operands::one_set},
                               ConditionOperator{"Not_Device_Member_of_any", 0x93, Operands::one_set},
                               ConditionOperator{"Not_Device_Member_of", 0x91, Operands::one_set},
                               ConditionOperator{"Exists", 0x87, Operands::one_attribute},
                               ConditionOperator{"Not_Exists", 0x8D, Operands::one_attribute},
                               ConditionOperator{"==", 0x80, Operands::two},
                               ConditionOperator{"!=", 0x81, Operands::two},
                               ConditionOperator{"<=", 0x83, Operands::two},
                               ConditionOperator{"<", 0x82, Operands::two},
                               ConditionOperator{">=", 0x85, Operands::two},
                               ConditionOperator{">", 0x84, Operands::two},
                               ConditionOperator{"Contains", 0x86, Operands::two},
                               ConditionOperator{"Any_of", 0x88, Operands::two},
                               ConditionOperator{"Not_Contains", 0x8E, Operands::two},
                               ConditionOperator{"Not_Any_of", 0x8F, Operands::two},
                               ConditionOperator{"!", 0xA2, Operands::one_expression},
                               ConditionOperator{"&&", 0xA0, Operands::two_expressions},
                               ConditionOperator{"||", 0xA1, Operands::two_expressions}};

constexpr std::array attribute_kinds{AttributeKind{"@USER.", 0xF9}, AttributeKind{"@RESOURCE.", 0xFA},
                                     AttributeKind{"@DEVICE.", 0xFB}, AttributeKind{"", 0xF8}};

bool begins_with(std::string_view text, std::string_view word) { return same_word(text.substr(0, word.size()), word); }

}  // namespace

const ConditionOperator* find_condition_operator(std::uint8_t token) noexcept {
  const auto found =
      std::find_if(operators.begin(), operators.end(), [token](const auto& one) { return one.token == token; });
  return found == operators.end() ? nullptr : &*found;
}

const ConditionOperator* find_condition_operator(std::string_view text, Operands operands) noexcept {
  for (const ConditionOperator& one : operators) {
    if (one.operands != operands || !begins_with(text, one.word)) continue;
    const std::string_view rest = text.substr(one.word.size());
    const bool is_word = one.word.back() >= 'a';
    if (!is_word || rest.empty() || ends_name(rest.front()) || rest.front() == '{' || rest.front() == '@' ||
        rest.front() == '#') {
      return &one;
    }
  }
  return nullptr;
}

const AttributeKind* find_attribute_kind(std::uint8_t token) noexcept {
  for (const AttributeKind& kind : attribute_kinds) {
    if (kind.token == token) return &kind;
  }
  return nullptr;
}

const AttributeKind& find_attribute_kind(std::string_view text) noexcept {
  for (const AttributeKind& kind : attribute_kinds) {
    if (begins_with(text, kind.prefix)) return kind;
  }
  return attribute_kinds.back();
}

}  // namespace roamsync::sddl
