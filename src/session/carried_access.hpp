/// @file
/// Access lists as part of the profile: what a new or replaced file gets on a store that keeps NT lists in Samba's attribute.
///
/// The DACL alone travels, with the bytes of its file or, when it alone has changed, by itself (a file is then copied once
/// more, so that its old version goes to the history with its old list; a folder is given the list in place). Owner, group
/// and audit list stay those of the file that is replaced, or follow from the folder the new one comes into. Where both sides
/// say the same the target's attribute stays as it is, byte for byte; where the source keeps no lists, too, so that a
/// replaced file keeps the list its administrator gave it.
#pragma once

#include "session/workspace.hpp"

#include <roamsync/security.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace roamsync {

class CarriedAccess {
 public:
  /// Null where neither side keeps NT lists. Tells it where the target cannot hold what the source has.
  static Result<std::unique_ptr<CarriedAccess>> make(Workspace& work, Store& server, Direction direction);

  Direction direction() const { return direction_; }
  /// Both sides keep lists, and those of the target can be set: then a changed list is a change to be carried.
  bool carries_lists() const { return source_keeps_lists_ && !name_.empty(); }

  /// Fits the attributes a file comes with (those of its source), or none of a folder, to the target; the mark of the list it
  /// has then. Safe in lanes.
  Result<std::uint64_t> fit(const ProfilePath& path, bool is_folder, FileAttributes& attributes);

  /// The list that the target has at this path stays, whatever the source's says. Before any fit().
  void keep_list_at(const ProfilePath& path) { keeping_.insert(path); }

  /// Both lists grant the same, in whatever bytes. False when either is gone or cannot be read.
  Result<bool> mean_the_same(const Entry& source, const Entry& target);

 private:
  CarriedAccess(Direction direction, Store& source, bool source_keeps_lists, Store& target)
      : direction_(direction), source_(source), source_keeps_lists_(source_keeps_lists), target_(target) {}

  Result<std::optional<SecurityDescriptor>> folder(const ProfilePath& path);
  std::optional<SecurityDescriptor> child_of(const std::optional<SecurityDescriptor>& parent, bool is_folder) const;

  const Direction direction_;
  Store& source_;
  const bool source_keeps_lists_;
  Store& target_;
  std::string name_;  ///< of the attribute, as the target's root has it; empty: lists are not set there
  Sid owner_;         ///< of what is made there
  std::set<ProfilePath, PathOrder> keeping_;
  std::mutex mutex_;
  std::map<ProfilePath, std::optional<SecurityDescriptor>, PathOrder> folders_;
};

/// For a publish: fit() of `access`, which must outlive it; nothing for null.
FitAttributes fit_attributes_of(CarriedAccess* access);

}  // namespace roamsync
