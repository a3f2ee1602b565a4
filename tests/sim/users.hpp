/// @file
/// What people do to a profile between two sessions: users on their workstations, and on the share whoever works there
/// without roamsync, a stock workstation or an administrator. They look before they act: what they replace or delete they
/// have seen. Like Windows' own profile service and most programs they write a file on the share under another name first; at home
/// also in place.
#pragma once

#include "sim/disk.hpp"
#include "sim/ledger.hpp"
#include "sim/random.hpp"

#include <roamsync/time.hpp>

#include <string>

namespace roamsync::sim {

struct Person {
  std::string name;
  Home home = 0;
};

/// A profile in somebody's hands.
class Desk {
 public:
  /// `folder` is where the profile lies on the disk.
  Desk(Content& disk, ProfilePath folder, Person person, Random& random, Ledger& ledger, FileTime now);

  /// Some changes; in words.
  std::string work();
  /// A first profile with a hive.
  std::string settle_in();
  /// Closes a hive that a program left open; false when there is none.
  bool close_hive();

 private:
  void let_time_pass();
  std::string change_something();
  std::string write_file();
  std::string write_hive(HiveClosed closed);
  std::string remove_something();
  std::string move_something();
  std::string respell_something();
  std::string touch_something();
  std::string make_folder();

  const MemoryNode* find(const ProfilePath& path) const;
  std::string bytes_at(const ProfilePath& path) const;
  void put(const ProfilePath& path, const std::string& bytes);
  void put_folder(const ProfilePath& path);
  /// Files and folders, without the hive and roamsync's own.
  std::vector<ProfilePath> things() const;
  void remove(const ProfilePath& path);
  void rename(const ProfilePath& from, const ProfilePath& to);
  /// On the disk, as what is there of it spells it.
  ProfilePath spelled(const ProfilePath& path) const;
  ProfilePath any_path();
  std::uint64_t new_id() const;

  Content& disk_;
  ProfilePath folder_;
  Person person_;
  Random& random_;
  Ledger& ledger_;
  FileTime now_;
};

}  // namespace roamsync::sim
