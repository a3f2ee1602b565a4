/// @file
/// Sid: who somebody is to Windows: a user, a group, or a stand-in such as "the owner" ([MS-DTYP] 2.4.2).
///
/// A Sid is a plain value of fixed size: revision 1, a 48-bit authority and up to fifteen 32-bit numbers, the last of
/// which is called the RID. It is kept in the form it has on the wire, so comparing two is comparing bytes and nothing is
/// allocated. A default-made Sid is S-1-0, which names nobody.
///
/// Threads: a value; nothing is shared.
#pragma once

#include <roamsync/error.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace roamsync {

class Sid {
 public:
  static constexpr std::size_t sub_authorities_max = 15;
  static constexpr std::size_t bytes_max = 8 + 4 * sub_authorities_max;

  constexpr Sid() noexcept { bytes_[0] = std::byte{1}; }
  /// S-1-`authority`-`numbers`…; numbers beyond the fifteenth are a bug and are dropped.
  constexpr Sid(std::uint64_t authority, std::initializer_list<std::uint32_t> numbers) noexcept : Sid() {
    for (std::size_t i = 0; i < 6; ++i) bytes_[2 + i] = static_cast<std::byte>(authority >> (8 * (5 - i)));
    for (const std::uint32_t number : numbers) append(number);
  }

  /// The text form: `S-1-5-21-…`, numbers decimal or after `0x` hexadecimal, as Windows' own reader takes it.
  /// Fails with Errc::bad_descriptor.
  static Result<Sid> parse(std::string_view text);
  /// The Sid at the front of `bytes`; what follows it is left alone. Nothing when there is none.
  static std::optional<Sid> read(std::span<const std::byte> bytes) noexcept;

  /// As Windows writes it: the authority decimal below 2^32, hexadecimal above.
  std::string text() const;
  std::span<const std::byte> bytes() const noexcept { return {bytes_.data(), size()}; }
  constexpr std::size_t size() const noexcept { return 8 + 4 * count(); }

  std::uint64_t authority() const noexcept;
  constexpr std::size_t count() const noexcept { return std::to_integer<std::size_t>(bytes_[1]); }
  /// The number at `index`, 0 when there is none.
  std::uint32_t number(std::size_t index) const noexcept;
  /// The last number; 0 when there is none.
  std::uint32_t rid() const noexcept { return count() == 0 ? 0 : number(count() - 1); }
  /// This Sid without its last number: the domain of an account.
  Sid domain() const noexcept;
  /// This Sid with one more number: an account of this domain. A sixteenth is a bug and is dropped.
  Sid account(std::uint32_t rid) const noexcept;
  /// True for an account of a domain or machine: S-1-5-21-a-b-c-rid.
  bool is_domain_account() const noexcept;

  friend bool operator==(const Sid&, const Sid&) = default;
  friend auto operator<=>(const Sid&, const Sid&) = default;

 private:
  constexpr void append(std::uint32_t number) noexcept {
    const std::size_t at = size();
    if (count() == sub_authorities_max) return;
    for (std::size_t i = 0; i < 4; ++i) bytes_[at + i] = static_cast<std::byte>(number >> (8 * i));
    bytes_[1] = static_cast<std::byte>(count() + 1);
  }

  std::array<std::byte, bytes_max> bytes_{};  // unused numbers stay zero
};

/// What an administrator calls a Sid that is the same everywhere, such as `Everyone` or `BUILTIN\Administrators`, and the
/// groups every domain has, such as `Domain Users`; empty for any other.
std::string_view well_known_name(const Sid& sid) noexcept;

namespace sids {
inline constexpr Sid everyone{1, {0}};
inline constexpr Sid creator_owner{3, {0}};
inline constexpr Sid creator_group{3, {1}};
inline constexpr Sid owner_rights{3, {4}};
inline constexpr Sid network{5, {2}};
inline constexpr Sid anonymous{5, {7}};
inline constexpr Sid principal_self{5, {10}};
inline constexpr Sid authenticated_users{5, {11}};
inline constexpr Sid system{5, {18}};
inline constexpr Sid administrators{5, {32, 544}};
inline constexpr Sid users{5, {32, 545}};
}  // namespace sids

}  // namespace roamsync
