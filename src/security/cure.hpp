/// @file
/// The change to one list that makes it grant what is wanted.
#pragma once

#include <roamsync/security_explain.hpp>

namespace roamsync {

/// What to call `sid` in a sentence.
std::string display_name(const AccessQuestion& question, const Sid& sid);

/// What to call the object: "the folder".
std::string object_in_words(const AccessQuestion& question);

/// A change of the share's list, or nothing when the list grants all of `wanted`.
std::optional<Cure> cure_share(const AccessQuestion& question, AccessMask wanted);
/// The same for the file's own list.
std::optional<Cure> cure_file(const AccessQuestion& question, AccessMask wanted);

}  // namespace roamsync
