/// @file
/// Faults: what goes wrong during one call, and the stores through which it does.
///
/// A call works on three stores, on two computers. One operation of one of them may fail, or the line to the server from one
/// operation on; a disk may be full from one new file on. The process may be killed before any operation, of whichever store,
/// and the power of a computer may go at that moment: the workstation's kills the process, the server's cuts the line.
#pragma once

#include "sim/random.hpp"

#include "support/fault_store.hpp"
#include "support/forwarding_store.hpp"

#include <array>
#include <string>

namespace roamsync::sim {

enum class Side { local, state, server };
inline constexpr std::array<const char*, 3> side_names{"local profile", "state folder", "server"};

/// How many operations a call makes when nothing goes wrong; what a fault may hit.
struct OperationCounts {
  std::array<std::size_t, 3> of_side{};
  std::array<std::size_t, 3> new_files{};
  std::size_t in_all = 0;
};

struct Faults {
  enum class Kind {
    none,
    operation_fails,
    line_cut,
    disk_full,
    server_away,  ///< from the beginning
    killed,
    workstation_loses_power,
    server_loses_power,
  };
  Kind kind = Kind::none;
  Side side = Side::server;  ///< operation_fails, disk_full
  std::size_t operation =
      0;  ///< counted from 1; of the side, of the process when it dies, or of new files on a full disk
  std::error_code code = {};

  bool kills() const noexcept { return kind == Kind::killed || kind == Kind::workstation_loses_power; }
};

Faults draw_faults(Random& random, const OperationCounts& counts);
/// `hit`: the operation, when one was; empty for none.
std::string words_of(const Faults& faults, const std::string& hit);

/// A disk on which only so many new files and folders have room.
class FullDisk final : public testing::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  void set_room(std::size_t new_files) { room_ = new_files; }
  std::size_t new_files() const noexcept { return new_files_; }

  Result<std::unique_ptr<Writer>> create(const ProfilePath& path) override {
    BOOST_OUTCOME_TRYV(take_room());
    return inner_.create(path);
  }
  Result<std::unique_ptr<Writer>> duplicate(const ProfilePath& from, const ProfilePath& to,
                                            std::stop_token stop) override {
    BOOST_OUTCOME_TRYV(take_room());
    return inner_.duplicate(from, to, std::move(stop));
  }
  Result<void> make_directory(const ProfilePath& path, std::uint32_t mode) override {
    BOOST_OUTCOME_TRYV(take_room());
    return inner_.make_directory(path, mode);
  }

 private:
  Result<void> take_room() {
    if (++new_files_ > room_) return Error(std::make_error_code(std::errc::no_space_on_device));
    return success();
  }
  std::size_t room_ = SIZE_MAX;
  std::size_t new_files_ = 0;
};

/// One store of a call, with all that may happen to it.
class FaultySide {
 public:
  FaultySide(Store& store, testing::FaultCounter& process) : disk_(store), own_(disk_), whole_(own_, process) {}
  Store& store() { return whole_; }
  FullDisk& disk() { return disk_; }
  testing::FaultStore& faults() { return own_; }

 private:
  FullDisk disk_;
  testing::FaultStore own_;
  testing::FaultStore whole_;
};

}  // namespace roamsync::sim
