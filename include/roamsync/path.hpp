/// @file
/// ProfilePath: the name of a file or folder inside a profile.
///
/// A path is a list of components below the profile's root, written in UTF-8 with `/` between them; the root itself is
/// the empty path. A value of this type has been validated: no component is empty, `.` or `..`, contains a separator, a
/// drive colon, a control character or one of `< > : " | ? *`, ends in a dot or a space, or is a DOS device name; none is
/// longer than 255 UTF-16 units. So a ProfilePath can never name anything outside the profile, and every ProfilePath can
/// exist on Windows ([MS-FSCC] 2.1.5, "Naming Files, Paths, and Namespaces").
///
/// Windows names are case-blind. `==` compares the spelling; `same_file` and `PathOrder` compare as Windows does, by
/// upper-cased UTF-16 units without locale. Composed and decomposed letters are different names, as on NTFS.
///
/// A path that is copied shares its text with the copy: trees, plans and records of one profile hold it once.
#pragma once

#include <roamsync/error.hpp>
#include <roamsync/shared_text.hpp>

#include <compare>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace roamsync {

class ProfilePath {
 public:
  /// The profile's root.
  ProfilePath() = default;

  /// Validates `text`. Fails with Errc::bad_name or Errc::unsafe_path; the context names the component and the rule.
  static Result<ProfilePath> parse(std::string_view text);
  /// The same, keeping `text` instead of copying it.
  static Result<ProfilePath> adopt(SharedText text);
  /// For names known at compile time: `ProfilePath::literal("NTUSER.DAT")`. A bad name is a bug and throws.
  static ProfilePath literal(std::string_view text);
  /// The rule that `name` breaks as one component, in words; empty when it is a valid component.
  static std::string_view fault_of_name(std::string_view name) noexcept;

  /// Holds as long as this path or a copy of it.
  std::string_view text() const noexcept { return text_.view(); }
  /// The same, ended by a NUL.
  const char* c_str() const noexcept { return text_.c_str(); }
  bool is_root() const noexcept { return text().empty(); }
  /// The last component; empty for the root.
  std::string_view name() const noexcept;
  /// The folder this stands in; the root's parent is the root.
  ProfilePath parent() const;
  /// The first component; empty for the root.
  std::string_view first() const noexcept;

  /// This path with one more component. Fails like `parse`.
  Result<ProfilePath> child(std::string_view name) const;
  /// The same for a name that has passed `fault_of_name`: not checked again.
  ProfilePath child_unchecked(std::string_view name) const;
  /// This path followed by all of `below`.
  ProfilePath join(const ProfilePath& below) const;

  /// True when `other` is this path or stands below it, compared as Windows does.
  bool contains(const ProfilePath& other) const noexcept;
  /// True when both name the same file on Windows.
  bool same_file(const ProfilePath& other) const noexcept;
  /// The upper-cased form: equal for two paths exactly when `same_file` holds.
  std::string key() const;

  friend bool operator==(const ProfilePath&, const ProfilePath&) = default;

 private:
  explicit ProfilePath(SharedText text) : text_(std::move(text)) {}
  SharedText text_;
};

/// Orders paths as a walk meets them: a folder right before everything in it, siblings case-blind by name.
/// Two paths that differ only in case are equivalent.
struct PathOrder {
  bool operator()(const ProfilePath& left, const ProfilePath& right) const noexcept { return compare(left, right) < 0; }
  static int compare(const ProfilePath& left, const ProfilePath& right) noexcept;
};

std::ostream& operator<<(std::ostream& out, const ProfilePath& path);

}  // namespace roamsync
