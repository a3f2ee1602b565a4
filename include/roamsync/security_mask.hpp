/// @file
/// Access masks: the bits of what may be done with an object, and what generic rights mean.
///
/// The lower sixteen bits belong to the kind of object; those named here are the ones of files and directories, which
/// shares use too. The upper half is the same for all ([MS-DTYP] 2.4.3, [MS-SMB2] 2.2.13.1).
#pragma once

#include <roamsync/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace roamsync {

using AccessMask = std::uint32_t;

namespace access {
inline constexpr AccessMask read_data = 0x00000001;    ///< a directory: list
inline constexpr AccessMask write_data = 0x00000002;   ///< a directory: add a file
inline constexpr AccessMask append_data = 0x00000004;  ///< a directory: add a folder
inline constexpr AccessMask read_ea = 0x00000008;
inline constexpr AccessMask write_ea = 0x00000010;
inline constexpr AccessMask execute = 0x00000020;  ///< a directory: traverse
inline constexpr AccessMask delete_child = 0x00000040;
inline constexpr AccessMask read_attributes = 0x00000080;
inline constexpr AccessMask write_attributes = 0x00000100;
inline constexpr AccessMask delete_object = 0x00010000;  ///< DELETE; windows.h makes a macro of that word
inline constexpr AccessMask read_control = 0x00020000;
inline constexpr AccessMask write_dac = 0x00040000;
inline constexpr AccessMask write_owner = 0x00080000;
inline constexpr AccessMask synchronize = 0x00100000;
inline constexpr AccessMask system_security = 0x01000000;  ///< read and write the SACL: by privilege only
inline constexpr AccessMask maximum_allowed = 0x02000000;  ///< asks for whatever there is
inline constexpr AccessMask generic_all = 0x10000000;
inline constexpr AccessMask generic_execute = 0x20000000;
inline constexpr AccessMask generic_write = 0x40000000;
inline constexpr AccessMask generic_read = 0x80000000;
inline constexpr AccessMask generic = generic_all | generic_execute | generic_write | generic_read;

inline constexpr AccessMask invalid = 0x0CE0FE00;  ///< bits no request may have

inline constexpr AccessMask file_read = 0x00120089;
inline constexpr AccessMask file_write = 0x00120116;
inline constexpr AccessMask file_execute = 0x001200A0;
inline constexpr AccessMask file_all = 0x001F01FF;

/// The three permissions a share has in Windows' dialogs. Never conclude anything from their names: test the bits.
inline constexpr AccessMask share_read = 0x001200A9;
inline constexpr AccessMask share_change = 0x001301BF;
inline constexpr AccessMask share_full = file_all;

/// What bringing a profile down needs, and what bringing it up with its permissions does (KB Q255113).
inline constexpr AccessMask profile_download = share_read;
inline constexpr AccessMask profile_upload = share_change | write_dac;
}  // namespace access

/// What the four generic rights mean for one kind of object.
struct GenericMapping {
  AccessMask read = 0;
  AccessMask write = 0;
  AccessMask execute = 0;
  AccessMask all = 0;

  /// `mask` with its generic bits replaced by what they mean.
  constexpr AccessMask map(AccessMask mask) const noexcept {
    AccessMask mapped = mask & ~access::generic;
    if ((mask & access::generic_read) != 0) mapped |= read;
    if ((mask & access::generic_write) != 0) mapped |= write;
    if ((mask & access::generic_execute) != 0) mapped |= execute;
    if ((mask & access::generic_all) != 0) mapped |= all;
    return mapped;
  }
};

/// Files, directories and shares.
inline constexpr GenericMapping file_mapping{access::file_read, access::file_write, access::file_execute,
                                             access::file_all};
/// Registry keys.
inline constexpr GenericMapping key_mapping{0x00020019, 0x00020006, 0x00020019, 0x000F003F};

/// The names of the bits of a mask, lowest bit first, such as `WRITE_DAC`; a bit without a name as hexadecimal.
std::vector<std::string> access_names(AccessMask mask);
/// The other way: hexadecimal (`0x40000`), or names separated by commas; also `FULL`, `CHANGE`, `READ`, `GENERIC_ALL`, ….
/// Fails with Errc::bad_descriptor.
Result<AccessMask> parse_access(std::string_view text);

}  // namespace roamsync
