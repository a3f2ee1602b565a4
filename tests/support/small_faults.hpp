/// @file
/// Stores with one thing wrong, the same every time: a file that cannot be read, a disk with so much room.
#pragma once

#include "support/forwarding_store.hpp"

namespace roamsync::testing {

/// A line, or a disk, that fails at one file.
class UnreadableFile : public ForwardingStore {
 public:
  UnreadableFile(Store& inner, std::string path, std::errc code)
      : ForwardingStore(inner), path_(std::move(path)), code_(std::make_error_code(code)) {}
  Result<std::unique_ptr<Reader>> open(const ProfilePath& path) override {
    if (path.text() == path_) return Error(code_, {.path = location_of(path)});
    return ForwardingStore::open(path);
  }

 private:
  std::string path_;
  std::error_code code_;
};

/// A disk that takes nothing new any more.
class Full : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  Result<std::unique_ptr<Writer>> create(const ProfilePath& path) override {
    return Error(std::make_error_code(std::errc::no_space_on_device), {.path = location_of(path)});
  }
};

class StoreWithSpace : public ForwardingStore {
 public:
  StoreWithSpace(Store& inner, StoreSpace space) : ForwardingStore(inner), space_(std::move(space)) {}
  Result<StoreSpace> space() override { return space_; }

 private:
  StoreSpace space_;
};

}  // namespace roamsync::testing
