// A store of one's own: one that counts the requests made of another, which is what a scan or a publish costs on a slow
// line. Whatever keeps a tree of files becomes a side of a sync by answering these calls; tests/store_conformance says
// what each of them owes.
#include <roamsync/memory_store.hpp>
#include <roamsync/scan.hpp>

#include <atomic>
#include <iostream>

using namespace roamsync;

class CountingStore : public Store {
 public:
  explicit CountingStore(Store& inner) : inner_(inner) {}
  unsigned requests() const { return requests_; }

  StoreTraits traits() const override { return inner_.traits(); }
  std::string location() const override { return inner_.location(); }
  std::optional<boost::filesystem::path> system_path(const ProfilePath& path) const override {
    return inner_.system_path(path);
  }

  Result<Listing> list(const ProfilePath& directory) override { return count().list(directory); }
  Result<std::optional<Entry>> stat(const ProfilePath& path) override { return count().stat(path); }
  Result<std::unique_ptr<Reader>> open(const ProfilePath& path) override { return count().open(path); }
  Result<StoreSpace> space() override { return count().space(); }
  Result<StoreOwner> owner() override { return count().owner(); }

  Result<std::unique_ptr<Writer>> create(const ProfilePath& path) override { return count().create(path); }
  Result<std::unique_ptr<Writer>> duplicate(const ProfilePath& from, const ProfilePath& to,
                                            std::stop_token stop) override {
    return count().duplicate(from, to, std::move(stop));
  }
  Result<void> preserve(const ProfilePath& from, const ProfilePath& to) override { return count().preserve(from, to); }
  Result<void> make_directory(const ProfilePath& path, std::uint32_t mode) override {
    return count().make_directory(path, mode);
  }

  Result<void> flush(std::span<const ProfilePath> files) override { return count().flush(files); }
  Result<void> flush_directories(std::span<const ProfilePath> directories) override {
    return count().flush_directories(directories);
  }

  Result<void> replace(const ProfilePath& from, const ProfilePath& to) override { return count().replace(from, to); }
  Result<void> remove_file(const ProfilePath& path) override { return count().remove_file(path); }
  Result<void> remove_directory(const ProfilePath& path) override { return count().remove_directory(path); }
  Result<std::unique_ptr<StoreLock>> lock(const ProfilePath& path, LockMode mode, std::string_view holder,
                                          std::chrono::milliseconds patience) override {
    return count().lock(path, mode, holder, patience);
  }

 private:
  Store& count() {
    ++requests_;  // several lanes may call at once
    return inner_;
  }

  Store& inner_;
  std::atomic<unsigned> requests_ = 0;
};

int main() {
  const auto memory = make_memory_store();
  memory->put_file(ProfilePath::literal("Desktop/notes.txt"), "milk, bread");
  memory->put_file(ProfilePath::literal("Desktop/todo.txt"), "call Ada");
  memory->put_file(ProfilePath::literal("Documents/letter.txt"), "Dear Ada");
  CountingStore store(*memory);
  const auto found = scan(store);
  if (!found) {
    std::cerr << found.error() << '\n';
    return 1;
  }
  std::cout << found.value().tree << found.value().tree.file_count() << " files seen with " << store.requests()
            << " requests\n";
}
