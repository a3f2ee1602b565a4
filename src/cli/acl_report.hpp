/// @file
/// Access lists and their explanation as JSON and as tables for a person; for `acl` and `check`.
#pragma once

#include <roamsync/security_explain.hpp>

#include "cli/json.hpp"

#include <iosfwd>
#include <optional>
#include <string>

namespace roamsync::cli {

/// `0x001301bf`: a mask as scripts see it.
std::string mask_text(AccessMask mask);

/// `{sddl, descriptor, owner, group, dacl, sacl}`; a list that is not there is null.
Json json_of(const SecurityDescriptor& descriptor, const std::optional<Sid>& domain);
/// Owner and group, each list entry by entry in words, then the text and the bytes.
void write_descriptor(std::ostream& out, const SecurityDescriptor& descriptor, const std::optional<Sid>& domain);

/// `{wanted, share_access, file_access, granted, missing, because, reasons, cure}`
Json json_of(const Explanation& explanation, AccessMask wanted);
/// The sides that something is known of; the columns of others stay open.
struct KnownSides {
  bool share = false;
  bool file = true;
};

/// A row for each right of `rows` and of those wanted: the share, the file, both; those wanted and missing are marked.
void write_access_table(std::ostream& out, const Explanation& explanation, AccessMask wanted, KnownSides known,
                        AccessMask rows = access::file_all);
/// Why something is missing and what to change.
void write_reasons(std::ostream& out, const Explanation& explanation);

}  // namespace roamsync::cli
