/// @file
/// Names a transaction gives to what is not in place yet, or not in place any more.
#pragma once

#include <roamsync/store.hpp>

#include <functional>
#include <optional>
#include <string_view>

namespace roamsync {

/// Errc::bad_name unless `transaction` is 1 to 32 letters and digits, so that it can stand in a file name.
Result<void> check_transaction_name(std::string_view transaction);

/// `NTUSER.DAT.tmp` for the hive at the root [KB Q191834], else as `unique_temporary`.
ProfilePath temporary_of(const ProfilePath& path, std::string_view transaction);
/// `<name>.<transaction>.roamsync.tmp` beside `path`; a name that would grow too long is cut and marked with its digest.
ProfilePath unique_temporary(const ProfilePath& path, std::string_view transaction);
/// `<name>.<transaction>.old.roamsync.tmp`: where a file makes room for a folder, or a folder for a file.
ProfilePath aside_of(const ProfilePath& path, std::string_view transaction);
/// The path that something moved aside had before; nothing for other names.
std::optional<ProfilePath> original_of_aside(const ProfilePath& path);

/// The transaction that gave something a name for the time being, staged or aside; nothing for names that none gives, and for
/// the hive's, which says nothing.
std::optional<std::string_view> transaction_of(const ProfilePath& path);

/// Beside `path`, for something found there that nobody expected: `report (kept k3x).txt`.
ProfilePath name_for_kept(const ProfilePath& path, std::string_view transaction);
/// `path`, or `path` with a number when that is taken by anything but what `fits`.
Result<ProfilePath> free_name(Store& store, const ProfilePath& path,
                              const std::function<Result<bool>(const Entry& taken)>& fits = {});

}  // namespace roamsync
