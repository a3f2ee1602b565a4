/// @file
/// FaultStore: a store in front of another one that counts the operations and lets one of them fail.
///
/// Walk every error path: run once to count, then for n = 1, 2, 3 … let operation n fail until a run passes. What fails does
/// nothing: the error comes instead of the operation, never after it. Destructors are no operations.
///
/// Threads: as every Store; with several lanes the n-th operation is whichever comes n-th.
#pragma once

#include <roamsync/store.hpp>

#include <atomic>
#include <mutex>
#include <string>
#include <string_view>

namespace roamsync::testing {

struct Fault {
  std::size_t operation = 0;  ///< counted from 1; 0: none fails
  std::error_code code = std::make_error_code(std::errc::io_error);
  bool and_all_after = false;  ///< the line is cut, not merely disturbed
};

/// Counts operations, of one store or of several that share it: a process that dies stops using all of its stores at once.
class FaultCounter {
 public:
  /// Counts from the beginning and lets that operation fail.
  void arm(Fault fault) {
    const std::scoped_lock guard(mutex_);
    fault_ = fault;
    count_ = 0;
    failed_.clear();
  }
  /// Operations since arm(), the failing one included.
  std::size_t operations() const {
    const std::scoped_lock guard(mutex_);
    return count_;
  }
  /// What failed, as "replace Desktop/a.txt"; empty when nothing has.
  std::string failed() const {
    const std::scoped_lock guard(mutex_);
    return failed_;
  }
  /// One more operation, and whether it may happen.
  Result<void> step(std::string_view name, const Store& store, const ProfilePath& path) {
    const std::scoped_lock guard(mutex_);
    ++count_;
    const bool fails =
        fault_.operation != 0 && (count_ == fault_.operation || (fault_.and_all_after && count_ > fault_.operation));
    if (!fails) return success();
    if (failed_.empty()) failed_ = std::string(name) + ' ' + std::string(path.text());
    return Error(fault_.code, {.path = store.location_of(path), .found = "a fault made by the test"});
  }

 private:
  mutable std::mutex mutex_;
  Fault fault_;
  std::size_t count_ = 0;
  std::string failed_;
};

class FaultStore final : public Store {
 public:
  explicit FaultStore(Store& store) : store_(store), counter_(own_) {}
  /// The counter must outlive the store.
  FaultStore(Store& store, FaultCounter& shared) : store_(store), counter_(shared) {}

  void arm(Fault fault) { counter_.arm(fault); }
  std::size_t operations() const { return counter_.operations(); }
  std::string failed() const { return counter_.failed(); }

  StoreTraits traits() const override { return store_.traits(); }
  std::string location() const override { return store_.location(); }
  std::optional<boost::filesystem::path> system_path(const ProfilePath& path) const override {
    return store_.system_path(path);
  }

  Result<Listing> list(const ProfilePath& directory) override {
    BOOST_OUTCOME_TRYV(step("list", directory));
    return store_.list(directory);
  }
  Result<std::optional<Entry>> stat(const ProfilePath& path) override {
    BOOST_OUTCOME_TRYV(step("stat", path));
    return store_.stat(path);
  }
  Result<std::unique_ptr<Reader>> open(const ProfilePath& path) override {
    BOOST_OUTCOME_TRYV(step("open", path));
    BOOST_OUTCOME_TRY(auto reader, store_.open(path));
    return std::make_unique<FaultReader>(*this, std::move(reader));
  }
  Result<StoreSpace> space() override {
    BOOST_OUTCOME_TRYV(step("space", {}));
    return store_.space();
  }
  Result<StoreOwner> owner() override {
    BOOST_OUTCOME_TRYV(step("owner", {}));
    return store_.owner();
  }
  Result<std::unique_ptr<Writer>> create(const ProfilePath& path) override {
    BOOST_OUTCOME_TRYV(step("create", path));
    BOOST_OUTCOME_TRY(auto writer, store_.create(path));
    return std::make_unique<FaultWriter>(*this, std::move(writer), path);
  }
  Result<std::unique_ptr<Writer>> duplicate(const ProfilePath& from, const ProfilePath& to,
                                            std::stop_token stop) override {
    BOOST_OUTCOME_TRYV(step("duplicate", to));
    BOOST_OUTCOME_TRY(auto writer, store_.duplicate(from, to, std::move(stop)));
    return std::make_unique<FaultWriter>(*this, std::move(writer), to);
  }
  Result<void> preserve(const ProfilePath& from, const ProfilePath& to) override {
    BOOST_OUTCOME_TRYV(step("preserve", to));
    return store_.preserve(from, to);
  }
  Result<void> make_directory(const ProfilePath& path, std::uint32_t mode) override {
    BOOST_OUTCOME_TRYV(step("make_directory", path));
    return store_.make_directory(path, mode);
  }
  Result<void> set_folder_attributes(const ProfilePath& path,
                                     const std::vector<std::pair<std::string, std::string>>& extended) override {
    BOOST_OUTCOME_TRYV(step("set_folder_attributes", path));
    return store_.set_folder_attributes(path, extended);
  }
  Result<void> flush(std::span<const ProfilePath> files) override {
    BOOST_OUTCOME_TRYV(step("flush", files.empty() ? ProfilePath() : files.front()));
    return store_.flush(files);
  }
  Result<void> flush_directories(std::span<const ProfilePath> directories) override {
    BOOST_OUTCOME_TRYV(step("flush_directories", directories.empty() ? ProfilePath() : directories.front()));
    return store_.flush_directories(directories);
  }
  Result<void> replace(const ProfilePath& from, const ProfilePath& to) override {
    BOOST_OUTCOME_TRYV(step("replace", to));
    return store_.replace(from, to);
  }
  Result<void> remove_file(const ProfilePath& path) override {
    BOOST_OUTCOME_TRYV(step("remove_file", path));
    return store_.remove_file(path);
  }
  Result<void> remove_directory(const ProfilePath& path) override {
    BOOST_OUTCOME_TRYV(step("remove_directory", path));
    return store_.remove_directory(path);
  }
  Result<std::unique_ptr<StoreLock>> lock(const ProfilePath& path, LockMode mode, std::string_view holder,
                                          std::chrono::milliseconds patience) override {
    BOOST_OUTCOME_TRYV(step("lock", path));
    return store_.lock(path, mode, holder, patience);
  }

 private:
  class FaultReader final : public Reader {
   public:
    FaultReader(FaultStore& faults, std::unique_ptr<Reader> reader) : faults_(faults), reader_(std::move(reader)) {}
    const Entry& entry() const override { return reader_->entry(); }
    Result<Entry> entry_now() override {
      BOOST_OUTCOME_TRYV(faults_.step("entry_now", entry().path));
      return reader_->entry_now();
    }
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> out) override {
      BOOST_OUTCOME_TRYV(faults_.step("read", entry().path));
      return reader_->read(offset, out);
    }
    Result<std::vector<Extent>> extents() override {
      BOOST_OUTCOME_TRYV(faults_.step("extents", entry().path));
      return reader_->extents();
    }
    Result<FileAttributes> attributes() override {
      BOOST_OUTCOME_TRYV(faults_.step("attributes", entry().path));
      return reader_->attributes();
    }
    Reader& inner() noexcept { return *reader_; }

   private:
    FaultStore& faults_;
    std::unique_ptr<Reader> reader_;
  };

  class FaultWriter final : public Writer {
   public:
    FaultWriter(FaultStore& faults, std::unique_ptr<Writer> writer, ProfilePath path)
        : faults_(faults), writer_(std::move(writer)), path_(std::move(path)) {}
    Result<void> reserve(std::uint64_t size) override {
      BOOST_OUTCOME_TRYV(faults_.step("reserve", path_));
      return writer_->reserve(size);
    }
    Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes) override {
      BOOST_OUTCOME_TRYV(faults_.step("write", path_));
      return writer_->write(offset, bytes);
    }
    Result<void> resize(std::uint64_t size) override {
      BOOST_OUTCOME_TRYV(faults_.step("resize", path_));
      return writer_->resize(size);
    }
    Result<bool> clone_from(Reader& source) override {
      BOOST_OUTCOME_TRYV(faults_.step("clone_from", path_));
      auto* wrapped = dynamic_cast<FaultReader*>(&source);
      return writer_->clone_from(wrapped != nullptr ? wrapped->inner() : source);
    }
    Result<Entry> finish(const FileAttributes& attributes) override {
      BOOST_OUTCOME_TRYV(faults_.step("finish", path_));
      return writer_->finish(attributes);
    }

   private:
    FaultStore& faults_;
    std::unique_ptr<Writer> writer_;
    ProfilePath path_;
  };

  Result<void> step(std::string_view name, const ProfilePath& path) { return counter_.step(name, store_, path); }

  Store& store_;
  FaultCounter own_;
  FaultCounter& counter_;
};

}  // namespace roamsync::testing
