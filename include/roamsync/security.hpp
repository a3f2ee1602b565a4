/// @file
/// Security descriptors: who owns an object, and who may do what with it ([MS-DTYP] 2.4).
///
/// A SecurityDescriptor has an owner, a group, a DACL (its entries grant and deny) and a SACL (its entries audit). Each
/// entry of a list is an ACE: a type, flags, an access mask and a Sid; some types carry more. Lists keep the bytes they
/// were read from, so an entry of a type unknown here is carried as it came.
///
/// A descriptor *without* a DACL lets everybody do everything; one with an *empty* DACL lets nobody do anything.
///
/// Only the self-relative binary form is read and written. Descriptors come from strangers: every offset is checked, and
/// `parse` accepts nothing that `check_descriptor` faults. Masks are in <roamsync/security_mask.hpp>, text is in
/// <roamsync/security_sddl.hpp>, the access check in <roamsync/security_access.hpp>.
///
/// Threads: values; nothing is shared. An AceView points into its Acl, and an AclView into the caller's bytes.
#pragma once

#include <roamsync/security_mask.hpp>
#include <roamsync/security_sid.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace roamsync {

/// [MS-DTYP] 2.3.4.2; kept as the sixteen bytes of the wire.
struct Guid {
  std::array<std::byte, 16> bytes{};
  /// Exactly `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`; nothing for anything else.
  static std::optional<Guid> parse(std::string_view text) noexcept;
  std::string text() const;
  friend bool operator==(const Guid&, const Guid&) = default;
  friend auto operator<=>(const Guid&, const Guid&) = default;
};

/// [MS-DTYP] 2.4.4.1. Other values may occur in a list and are carried.
enum class AceType : std::uint8_t {
  allowed = 0x00,
  denied = 0x01,
  audit = 0x02,
  alarm = 0x03,
  allowed_compound = 0x04,
  allowed_object = 0x05,
  denied_object = 0x06,
  audit_object = 0x07,
  alarm_object = 0x08,
  allowed_callback = 0x09,
  denied_callback = 0x0A,
  allowed_callback_object = 0x0B,
  denied_callback_object = 0x0C,
  audit_callback = 0x0D,
  alarm_callback = 0x0E,
  audit_callback_object = 0x0F,
  alarm_callback_object = 0x10,
  mandatory_label = 0x11,
  resource_attribute = 0x12,
  scoped_policy = 0x13,
  process_trust_label = 0x14,
  access_filter = 0x15,
};

namespace ace_flag {
inline constexpr std::uint8_t object_inherit = 0x01;     ///< files below get it
inline constexpr std::uint8_t container_inherit = 0x02;  ///< folders below get it
inline constexpr std::uint8_t no_propagate = 0x04;       ///< only direct children get it
inline constexpr std::uint8_t inherit_only = 0x08;       ///< this object itself is not meant
inline constexpr std::uint8_t inherited = 0x10;          ///< came from the parent
inline constexpr std::uint8_t critical = 0x20;
inline constexpr std::uint8_t successful_access = 0x40;
inline constexpr std::uint8_t failed_access = 0x80;
inline constexpr std::uint8_t inheritance = object_inherit | container_inherit | no_propagate | inherit_only;
}  // namespace ace_flag

/// One entry, taken apart. To be added to an Acl, or made from an AceView to be changed.
struct Ace {
  AceType type = AceType::allowed;
  std::uint8_t flags = 0;
  AccessMask mask = 0;
  Sid sid;
  std::optional<Guid> object_type = {};            ///< object types only
  std::optional<Guid> inherited_object_type = {};  ///< object types only
  std::vector<std::byte> data = {};                ///< what stands behind the Sid: a condition, an attribute, padding
  friend bool operator==(const Ace&, const Ace&) = default;
};

/// One entry where it lies in a list that has been checked.
class AceView {
 public:
  explicit AceView(const std::byte* at) noexcept : at_(at) {}

  AceType type() const noexcept { return static_cast<AceType>(at_[0]); }
  std::uint8_t flags() const noexcept { return std::to_integer<std::uint8_t>(at_[1]); }
  bool has(std::uint8_t flag) const noexcept { return (flags() & flag) != 0; }
  /// The whole entry, header included.
  std::span<const std::byte> bytes() const noexcept { return {at_, size()}; }

  /// False for types whose layout is not known here (compound entries, later inventions): then mask() is 0, sid() S-1-0.
  bool is_known() const noexcept;
  AccessMask mask() const noexcept;
  /// The Sid's bytes, without a copy.
  std::span<const std::byte> sid_bytes() const noexcept;
  Sid sid() const noexcept;
  std::optional<Guid> object_type() const noexcept;
  std::optional<Guid> inherited_object_type() const noexcept;
  /// What stands behind the Sid.
  std::span<const std::byte> data() const noexcept;

  /// Taken apart; only for an entry that is_known().
  Ace ace() const;

 private:
  std::size_t size() const noexcept;
  std::size_t sid_offset() const noexcept;
  const std::byte* at_;
};

/// A list of entries over bytes that have been checked. The bytes outlive it.
class AclView {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = AceView;
    using difference_type = std::ptrdiff_t;
    using pointer = const AceView*;
    using reference = AceView;

    Iterator() = default;
    Iterator(const std::byte* at, std::size_t left) noexcept : at_(at), left_(left) {}
    AceView operator*() const noexcept { return AceView(at_); }
    Iterator& operator++() noexcept {
      at_ += AceView(at_).bytes().size();
      --left_;
      return *this;
    }
    Iterator operator++(int) noexcept {
      Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator& left, const Iterator& right) noexcept { return left.left_ == right.left_; }

   private:
    const std::byte* at_ = nullptr;
    std::size_t left_ = 0;
  };

  explicit AclView(const std::byte* at) noexcept : at_(at) {}
  std::uint8_t revision() const noexcept { return std::to_integer<std::uint8_t>(at_[0]); }
  std::size_t size() const noexcept;  ///< number of entries
  Iterator begin() const noexcept { return {at_ + 8, size()}; }
  Iterator end() const noexcept { return {nullptr, 0}; }

 private:
  const std::byte* at_;
};

/// A list of entries that owns its bytes ([MS-DTYP] 2.4.5).
class Acl {
 public:
  static constexpr std::uint8_t revision_plain = 2;
  static constexpr std::uint8_t revision_objects = 4;
  static constexpr std::size_t bytes_max = 0xFFFF;

  /// Empty, revision 2.
  Acl();
  /// `bytes` begins with the list; what follows it is left alone. Fails with Errc::bad_descriptor.
  static Result<Acl> parse(std::span<const std::byte> bytes);

  /// Adds behind the last entry; the revision becomes 4 when the entry needs it. Fails when the list would pass 64 KiB.
  Result<void> add(const Ace& ace);
  Result<void> add(AceView ace);
  /// An entry of a type whose layout is not known here; `body` is what follows its header.
  Result<void> add_opaque(AceType type, std::uint8_t flags, std::span<const std::byte> body);
  /// Zero bytes behind the last entry, as some writers leave there.
  Result<void> add_slack(std::size_t size);
  void set_revision(std::uint8_t revision) noexcept { bytes_[0] = static_cast<std::byte>(revision); }

  std::uint8_t revision() const noexcept { return view().revision(); }
  std::size_t size() const noexcept { return view().size(); }
  bool empty() const noexcept { return size() == 0; }
  AclView::Iterator begin() const noexcept { return view().begin(); }
  AclView::Iterator end() const noexcept { return view().end(); }
  AclView view() const noexcept { return AclView(bytes_.data()); }
  /// Header, entries and slack as they stand in a descriptor.
  std::span<const std::byte> bytes() const noexcept { return bytes_; }

  friend bool operator==(const Acl&, const Acl&) = default;

 private:
  friend class SecurityDescriptor;
  explicit Acl(std::span<const std::byte> checked) : bytes_(checked.begin(), checked.end()) {}
  Result<void> append(std::span<const std::byte> bytes, bool is_entry);
  std::vector<std::byte> bytes_;
};

namespace control {  // [MS-DTYP] 2.4.6
inline constexpr std::uint16_t owner_defaulted = 0x0001;
inline constexpr std::uint16_t group_defaulted = 0x0002;
inline constexpr std::uint16_t dacl_present = 0x0004;
inline constexpr std::uint16_t dacl_defaulted = 0x0008;
inline constexpr std::uint16_t sacl_present = 0x0010;
inline constexpr std::uint16_t sacl_defaulted = 0x0020;
inline constexpr std::uint16_t dacl_auto_inherit_required = 0x0100;
inline constexpr std::uint16_t sacl_auto_inherit_required = 0x0200;
inline constexpr std::uint16_t dacl_auto_inherited = 0x0400;
inline constexpr std::uint16_t sacl_auto_inherited = 0x0800;
inline constexpr std::uint16_t dacl_protected = 0x1000;  ///< takes nothing from its parent
inline constexpr std::uint16_t sacl_protected = 0x2000;
inline constexpr std::uint16_t resource_manager_valid = 0x4000;
inline constexpr std::uint16_t self_relative = 0x8000;
}  // namespace control

class SecurityDescriptor {
 public:
  enum class Part : std::uint8_t { sacl, dacl, owner, group };
  using Order = std::array<Part, 4>;
  static constexpr Order order_of_windows{Part::sacl, Part::dacl, Part::owner, Part::group};
  static constexpr Order order_of_samba{Part::owner, Part::group, Part::sacl, Part::dacl};

  /// Fails with Errc::bad_descriptor; the context says what should have been where.
  static Result<SecurityDescriptor> parse(std::span<const std::byte> bytes);
  /// The self-relative form, parts in the order they were read in; a descriptor as Windows or Samba writes it comes out
  /// byte for byte. Bytes between and behind the parts are not kept.
  std::vector<std::byte> bytes() const;

  /// The bits of `control::`. The presence of a list and self_relative follow from the parts when it is written.
  std::uint16_t flags = control::self_relative;
  std::uint8_t resource_manager = 0;
  Order order = order_of_windows;
  std::optional<Sid> owner = {};
  std::optional<Sid> group = {};
  /// Nothing here with control::dacl_present set is a null DACL, which means the same as none: everything is granted.
  std::optional<Acl> dacl = {};
  std::optional<Acl> sacl = {};

  void set_dacl(Acl acl) {
    dacl = std::move(acl);
    flags |= control::dacl_present;
  }

  /// Equal bytes. For equal meaning see <roamsync/security_inherit.hpp>.
  friend bool operator==(const SecurityDescriptor&, const SecurityDescriptor&) = default;
};

/// What a descriptor breaks, for a check that wants the place.
struct DescriptorFault {
  std::size_t offset = 0;      ///< from the descriptor's first byte
  std::string_view rule = {};  ///< in words, such as "an entry ends inside its list"
  std::uint64_t expected = 0;  ///< the bound or value that should have been kept
  std::uint64_t found = 0;
};

/// Checks the structure of a self-relative descriptor, all entries of both lists included; allocates nothing.
std::optional<DescriptorFault> check_descriptor(std::span<const std::byte> bytes) noexcept;

}  // namespace roamsync
