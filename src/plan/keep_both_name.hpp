/// @file
/// Names for the second copy of a file: `report (PC7 2026-11-21 08.15.30).docx`.
#pragma once

#include <roamsync/plan.hpp>

#include <functional>
#include <string_view>

namespace roamsync {

/// A path beside `path` that says where the copy comes from and when, not longer than Windows takes, and for which `taken`
/// is false. `origin` may hold any characters; those no name can have become `-`. No time when `now` is zero.
ProfilePath keep_both_name(const ProfilePath& path, std::string_view origin, FileTime now,
                           const std::function<bool(const ProfilePath&)>& taken);

}  // namespace roamsync
