/// @file
/// SDDL: security descriptors as text, read and written in Windows' own spelling ([MS-DTYP] 2.5.1).
///
///     O:BAG:SYD:PAI(A;OICI;FA;;;SY)(D;;WD;;;AU)
///
/// Reading takes what Windows takes: blanks where Windows skips them, small letters, decimal, octal and hexadecimal
/// numbers. Writing gives what ConvertSecurityDescriptorToStringSecurityDescriptor gives: aliases for well-known SIDs,
/// `FA` `FR` `FW` `FX` `KA` `KR` `KW` for rights that are just that, otherwise letters from the lowest bit up, otherwise
/// hexadecimal.
///
/// Some aliases mean an account of a domain (`DA`, `DU`, `LA`, …). They are read and written only when that domain's SID
/// is given; without it they cannot be read, and such SIDs are written in full.
///
/// Conditions, `(XA;;FX;;;WD;(@User.Title == "PM" && Member_of {SID(BA)}))`, and resource attributes,
/// `(RA;;;;;WD;("Project",TS,0x0,"Windows"))`, are translated in both directions, and nothing more is made of them.
///
/// What Windows has no spelling for is written so that it can be read back here: an entry of a type without letters, or
/// without letters in that list, as `(0x04;…)`, bytes that are no condition or attribute as `#` and hexadecimal digits in the
/// seventh field. Padding behind an entry's Sid is not written.
///
/// Threads: pure functions.
#pragma once

#include <roamsync/security.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace roamsync {

/// Fails with Errc::bad_descriptor; the context names the place and what should stand there.
Result<SecurityDescriptor> parse_sddl(std::string_view text, const std::optional<Sid>& domain = {});

std::string print_sddl(const SecurityDescriptor& descriptor, const std::optional<Sid>& domain = {});
/// One entry, with its parentheses.
std::string print_sddl(AceView ace, const std::optional<Sid>& domain = {});
/// An alias or the SID in full.
std::string print_sddl(const Sid& sid, const std::optional<Sid>& domain = {});
/// The rights as they stand in an entry of an ordinary type.
std::string print_sddl_rights(AccessMask mask);

/// An alias (`BA`, `WD`), or a SID in full.
Result<Sid> parse_sddl_sid(std::string_view text, const std::optional<Sid>& domain = {});

}  // namespace roamsync
