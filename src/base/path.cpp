#include <roamsync/path.hpp>

#include <roamsync/printable.hpp>

#include "base/upcase.hpp"
#include "base/utf16_length.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <stdexcept>

namespace roamsync {
namespace {

constexpr std::size_t component_units_max = 255;  // NTFS: a component is at most 255 UTF-16 units

// COM¹ is COM1 to Windows, and so are the other superscripts of Latin-1 ("Naming Files, Paths, and Namespaces").
bool is_port_digit(std::string_view digit) noexcept {
  if (digit.size() == 1) return digit[0] >= '1' && digit[0] <= '9';
  return digit == "¹" || digit == "²" || digit == "³";
}

bool is_device_name(std::string_view name) noexcept {
  std::string_view stem = name.substr(0, name.find('.'));
  while (!stem.empty() && stem.back() == ' ') stem.remove_suffix(1);
  const auto is = [&](std::string_view device) {
    return stem.size() == device.size() && compare_upcased(stem, device) == 0;
  };
  if (stem.size() == 3) return is("CON") || is("PRN") || is("AUX") || is("NUL");
  if (stem.size() > 3 && is_port_digit(stem.substr(3))) {
    const std::string_view port = stem.substr(0, 3);
    return compare_upcased(port, "COM") == 0 || compare_upcased(port, "LPT") == 0;
  }
  return is("CONIN$") || is("CONOUT$");
}

// What no component may hold; looked up for every byte of every name of a scan.
constexpr auto bad_characters = [] {
  std::array<bool, 256> bad{};
  for (std::size_t c = 0; c < 0x20; ++c) bad[c] = true;
  for (const char c : std::string_view("/\\:<>\"|?*")) bad[static_cast<unsigned char>(c)] = true;
  return bad;
}();

std::string_view fault_of_character(char c) noexcept {
  switch (c) {
    case '/':
    case '\\': return "a component holds no separator";
    case ':': return "a component holds no colon";
    case '<':
    case '>':
    case '"':
    case '|':
    case '?':
    case '*': return "a component holds none of < > \" | ? *";
    default: return "a component holds no control character";
  }
}

Error bad_component(std::string_view path, std::string_view name, std::string_view fault) {
  const bool escapes = name == ".." || name.find('/') != name.npos || name.find('\\') != name.npos;
  return Error(escapes ? Errc::unsafe_path : Errc::bad_name,
               {.path = std::string(path), .expected = std::string(fault), .found = '"' + std::string(name) + '"'});
}

std::string_view component_at(std::string_view text, std::size_t start) noexcept {
  return text.substr(start, std::min(text.find('/', start), text.size()) - start);
}

Result<void> check(std::string_view text) {
  if (text.empty()) return success();
  if (is_too_long_for_windows(text)) {
    return Error(Errc::bad_name, {.path = std::string(text.substr(0, 64)) + "…",
                                  .expected = "a path of at most 32767 UTF-16 units",
                                  .found = std::to_string(utf16_length(text).value_or(text.size()))});
  }
  for (std::size_t start = 0; start <= text.size();) {
    const std::string_view name = component_at(text, start);
    if (const std::string_view fault = ProfilePath::fault_of_name(name); !fault.empty()) {
      return bad_component(text, name, fault);
    }
    start += name.size() + 1;
  }
  return success();
}

}  // namespace

std::string_view ProfilePath::fault_of_name(std::string_view name) noexcept {
  if (name.empty()) return "a component is not empty";
  if (name == "." || name == "..") return "a component names a file, not . or ..";
  bool ascii = true;
  for (const char c : name) {
    if (bad_characters[static_cast<unsigned char>(c)]) return fault_of_character(c);
    ascii = ascii && static_cast<unsigned char>(c) < 0x80;
  }
  if (name.back() == '.' || name.back() == ' ') return "a component ends in neither a dot nor a space";
  std::size_t units = name.size();
  if (!ascii) {
    const auto length = utf16_length(name);
    if (!length) return "a component is UTF-8";
    units = *length;
  }
  if (units > component_units_max) return "a component has at most 255 UTF-16 units";
  if (is_device_name(name)) return "a component is no DOS device name";
  return {};
}

Result<ProfilePath> ProfilePath::parse(std::string_view text) {
  BOOST_OUTCOME_TRYV(check(text));
  return ProfilePath(SharedText(text));
}

Result<ProfilePath> ProfilePath::adopt(SharedText text) {
  BOOST_OUTCOME_TRYV(check(text.view()));
  return ProfilePath(std::move(text));
}

ProfilePath ProfilePath::literal(std::string_view text) {
  auto path = parse(text);
  if (!path) throw std::invalid_argument(path.error().message());
  return std::move(path).value();
}

std::string_view ProfilePath::name() const noexcept {
  const std::size_t slash = text().rfind('/');
  return slash == std::string_view::npos ? text() : text().substr(slash + 1);
}

ProfilePath ProfilePath::parent() const {
  const std::size_t slash = text().rfind('/');
  return slash == std::string_view::npos ? ProfilePath() : ProfilePath(SharedText(text().substr(0, slash)));
}

std::string_view ProfilePath::first() const noexcept { return component_at(text(), 0); }

Result<ProfilePath> ProfilePath::child(std::string_view name) const {
  if (const std::string_view fault = fault_of_name(name); !fault.empty()) {
    return bad_component(child_unchecked(name).text(), name, fault);
  }
  return child_unchecked(name);
}

ProfilePath ProfilePath::child_unchecked(std::string_view name) const {
  return ProfilePath(is_root() ? SharedText(name) : SharedText({text(), "/", name}));
}

ProfilePath ProfilePath::join(const ProfilePath& below) const {
  return below.is_root() ? *this : child_unchecked(below.text());
}

bool ProfilePath::contains(const ProfilePath& other) const noexcept {
  std::string_view outer = text();
  std::string_view inner = other.text();
  while (!outer.empty()) {
    const std::string_view name = component_at(outer, 0);
    const std::string_view with = component_at(inner, 0);
    if (compare_upcased(name, with) != 0) return false;
    outer.remove_prefix(std::min(outer.size(), name.size() + 1));
    inner.remove_prefix(std::min(inner.size(), with.size() + 1));
  }
  return true;
}

bool ProfilePath::same_file(const ProfilePath& other) const noexcept {
  return text_ == other.text_ || compare_upcased(text(), other.text()) == 0;
}

std::string ProfilePath::key() const { return upcase(text()); }

int PathOrder::compare(const ProfilePath& left, const ProfilePath& right) noexcept {
  if (left == right) return 0;
  std::string_view a = left.text();
  std::string_view b = right.text();
  const std::size_t common = std::min(a.size(), b.size());
  const auto differs = std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(common), b.begin()).first;
  const auto same = static_cast<std::size_t>(differs - a.begin());
  // Start over at the component in which the first difference lies.
  const std::size_t slash = same == 0 ? std::string_view::npos : a.rfind('/', same - 1);
  std::size_t start = slash == std::string_view::npos ? 0 : slash + 1;
  a.remove_prefix(start);
  b.remove_prefix(start);
  while (!a.empty() && !b.empty()) {
    const std::string_view name_a = component_at(a, 0);
    const std::string_view name_b = component_at(b, 0);
    if (const int order = compare_upcased(name_a, name_b); order != 0) return order;
    a.remove_prefix(std::min(a.size(), name_a.size() + 1));
    b.remove_prefix(std::min(b.size(), name_b.size() + 1));
  }
  if (a.empty() && b.empty()) return 0;
  return a.empty() ? -1 : 1;
}

std::ostream& operator<<(std::ostream& out, const ProfilePath& path) {
  return path.is_root() ? out << '.' : out << printable(path.text());
}

}  // namespace roamsync
