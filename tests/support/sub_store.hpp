/// @file
/// SubStore: a folder of a store as a store of its own, so that two stores can share one disk and its crashes.
#pragma once

#include <roamsync/store.hpp>

#include <vector>

namespace roamsync::testing {

class SubStore : public Store {
 public:
  SubStore(Store& store, ProfilePath folder) : store_(store), folder_(std::move(folder)) {}

  StoreTraits traits() const override { return store_.traits(); }
  std::string location() const override { return store_.location_of(folder_); }
  Result<Listing> list(const ProfilePath& directory) override {
    BOOST_OUTCOME_TRY(auto listing, store_.list(below(directory)));
    for (Entry& entry : listing.entries) entry.path = above(entry.path);
    return listing;
  }
  Result<std::optional<Entry>> stat(const ProfilePath& path) override {
    BOOST_OUTCOME_TRY(auto entry, store_.stat(below(path)));
    if (entry) entry->path = above(entry->path);
    return entry;
  }
  Result<std::unique_ptr<Reader>> open(const ProfilePath& path) override { return store_.open(below(path)); }
  Result<StoreSpace> space() override { return store_.space(); }
  Result<StoreOwner> owner() override { return store_.owner(); }
  Result<std::unique_ptr<Writer>> create(const ProfilePath& path) override { return store_.create(below(path)); }
  Result<std::unique_ptr<Writer>> duplicate(const ProfilePath& from, const ProfilePath& to,
                                            std::stop_token stop) override {
    return store_.duplicate(below(from), below(to), std::move(stop));
  }
  Result<void> preserve(const ProfilePath& from, const ProfilePath& to) override {
    return store_.preserve(below(from), below(to));
  }
  Result<void> make_directory(const ProfilePath& path, std::uint32_t mode) override {
    return store_.make_directory(below(path), mode);
  }
  Result<void> flush(std::span<const ProfilePath> files) override { return store_.flush(below(files)); }
  Result<void> flush_directories(std::span<const ProfilePath> directories) override {
    return store_.flush_directories(below(directories));
  }
  Result<void> replace(const ProfilePath& from, const ProfilePath& to) override {
    return store_.replace(below(from), below(to));
  }
  Result<void> remove_file(const ProfilePath& path) override { return store_.remove_file(below(path)); }
  Result<void> remove_directory(const ProfilePath& path) override { return store_.remove_directory(below(path)); }
  Result<std::unique_ptr<StoreLock>> lock(const ProfilePath& path, LockMode mode, std::string_view holder,
                                          std::chrono::milliseconds patience) override {
    return store_.lock(below(path), mode, holder, patience);
  }

 private:
  ProfilePath below(const ProfilePath& path) const { return folder_.join(path); }
  std::vector<ProfilePath> below(std::span<const ProfilePath> paths) const {
    std::vector<ProfilePath> all;
    for (const ProfilePath& path : paths) all.push_back(below(path));
    return all;
  }
  ProfilePath above(const ProfilePath& path) const {
    if (folder_.is_root()) return path;
    return path == folder_ ? ProfilePath() : ProfilePath::literal(path.text().substr(folder_.text().size() + 1));
  }

  Store& store_;
  ProfilePath folder_;
};

}  // namespace roamsync::testing
