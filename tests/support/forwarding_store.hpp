/// @file
/// ForwardingStore: passes every call on to another store. Derive it and override the one call that is to misbehave.
#pragma once

#include <roamsync/store.hpp>

namespace roamsync::testing {

class ForwardingStore : public Store {
 public:
  explicit ForwardingStore(Store& inner) : inner_(inner) {}

  StoreTraits traits() const override { return inner_.traits(); }
  std::string location() const override { return inner_.location(); }
  std::optional<boost::filesystem::path> system_path(const ProfilePath& path) const override {
    return inner_.system_path(path);
  }
  Result<Listing> list(const ProfilePath& directory) override { return inner_.list(directory); }
  Result<std::optional<Entry>> stat(const ProfilePath& path) override { return inner_.stat(path); }
  Result<std::unique_ptr<Reader>> open(const ProfilePath& path) override { return inner_.open(path); }
  Result<StoreSpace> space() override { return inner_.space(); }
  Result<StoreOwner> owner() override { return inner_.owner(); }
  Result<AccessFacts> access_facts(const ProfilePath& path) override { return inner_.access_facts(path); }
  Result<void> mark_access(const ProfilePath& directory, std::span<Entry> entries) override {
    return inner_.mark_access(directory, entries);
  }
  Result<std::unique_ptr<Writer>> create(const ProfilePath& path) override { return inner_.create(path); }
  Result<std::unique_ptr<Writer>> duplicate(const ProfilePath& from, const ProfilePath& to,
                                            std::stop_token stop) override {
    return inner_.duplicate(from, to, std::move(stop));
  }
  Result<void> preserve(const ProfilePath& from, const ProfilePath& to) override { return inner_.preserve(from, to); }
  Result<void> make_directory(const ProfilePath& path, std::uint32_t mode) override {
    return inner_.make_directory(path, mode);
  }
  Result<void> set_folder_attributes(const ProfilePath& path,
                                     const std::vector<std::pair<std::string, std::string>>& extended) override {
    return inner_.set_folder_attributes(path, extended);
  }
  Result<void> flush(std::span<const ProfilePath> files) override { return inner_.flush(files); }
  Result<void> flush_directories(std::span<const ProfilePath> directories) override {
    return inner_.flush_directories(directories);
  }
  Result<void> replace(const ProfilePath& from, const ProfilePath& to) override { return inner_.replace(from, to); }
  Result<void> remove_file(const ProfilePath& path) override { return inner_.remove_file(path); }
  Result<void> remove_directory(const ProfilePath& path) override { return inner_.remove_directory(path); }
  Result<std::unique_ptr<StoreLock>> lock(const ProfilePath& path, LockMode mode, std::string_view holder,
                                          std::chrono::milliseconds patience) override {
    return inner_.lock(path, mode, holder, patience);
  }

 protected:
  Store& inner_;
};

}  // namespace roamsync::testing
