#include "cli/store_probe.hpp"

#include <roamsync/filter.hpp>

#include <array>
#include <cstdio>
#include <string_view>

namespace roamsync::cli {
namespace {

using std::chrono::nanoseconds;

constexpr std::string_view first_content = "roamsync check, first";
constexpr std::string_view second_content = "roamsync check, second";

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

// The coarsest step of those in use that explains what became of a time: FAT 2 s, ext3 and HFS+ 1 s, some servers 1 ms or 1 µs,
// NTFS 100 ns.
nanoseconds resolution_from(FileTime given, FileTime found) {
  using namespace std::chrono_literals;
  if (given == found) return 100ns;
  const std::int64_t apart = (given.ticks > found.ticks ? given.ticks - found.ticks : found.ticks - given.ticks) * 100;
  for (const nanoseconds step : std::array<nanoseconds, 4>{1us, 1ms, 1s, 2s}) {
    if (apart < step.count()) return step;
  }
  return nanoseconds(apart);
}

class Probe {
 public:
  Probe(Store& store, Host& host) : store_(store), host_(host) {}

  ProbeResult run() {
    if (make_folder()) {
      if (write_file()) look_at_file();
      test_lock();
    }
    clear_up();
    return std::move(result_);
  }

 private:
  bool attempt(std::string what, std::string right, const Result<void>& outcome) {
    result_.attempts.push_back({std::move(what), std::move(right), {}});
    if (!outcome) result_.attempts.back().failure = outcome.error();
    return outcome.has_value();
  }

  template <class T>
  static Result<void> only_whether(const Result<T>& result) {
    if (!result) return result.error();
    return success();
  }

  ProfilePath below(std::string_view name) const { return folder_.child_unchecked(name); }

  bool make_folder() {
    std::array<char, 32> name = {};
    std::snprintf(name.data(), name.size(), "check-%08llx",
                  static_cast<unsigned long long>(host_.random() & 0xFFFF'FFFFU));
    folder_ = ProfilePath().child_unchecked(std::string(name.data()) + std::string(temporary_suffix));
    return attempt("make a folder", "ADD_SUBDIRECTORY", store_.make_directory(folder_, 0700));
  }

  Result<void> fill(const ProfilePath& path, std::string_view content, FileTime time) {
    BOOST_OUTCOME_TRY(const auto writer, store_.create(path));
    BOOST_OUTCOME_TRY(writer->write(0, bytes_of(content)));
    BOOST_OUTCOME_TRYV(writer->finish({.modified = time}));
    return success();
  }

  bool write_file() {
    auto writer = store_.create(below("first"));
    if (!attempt("make a file", "ADD_FILE", only_whether(writer))) return false;
    if (!attempt("write into it", "WRITE_DATA", writer.value()->write(0, bytes_of(first_content)))) return false;
    // An odd number of the finest ticks shows what a coarser server makes of it.
    time_ = {host_.now().ticks / FileTime::ticks_per_second * FileTime::ticks_per_second + 3'456'789};
    const auto finished = writer.value()->finish({.modified = time_});
    return attempt("set its time", "WRITE_ATTRIBUTES", only_whether(finished));
  }

  void look_at_file() {
    const auto begin = host_.monotonic();
    const std::array files{below("first")};
    if (attempt("make it durable", "", store_.flush(files))) result_.flush_time = host_.monotonic() - begin;
    attempt("read it back", "READ_DATA", read_back("first", first_content));
    if (const auto entry = store_.stat(below("first")); entry && entry.value()) {
      result_.time_resolution = resolution_from(time_, entry.value()->modified);
    }
    if (const auto other = store_.stat(below("FIRST"))) result_.case_sensitive = !other.value().has_value();
    attempt("replace a file by another in one step", "DELETE", replace());
  }

  Result<void> read_back(std::string_view name, std::string_view content) {
    BOOST_OUTCOME_TRY(const auto bytes, read_file(store_, below(name), 1 << 16));
    const std::string_view found(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (found == content) return success();
    return Error(Errc::copy_mismatch, {.path = store_.location_of(below(name)),
                                       .expected = "'" + std::string(content) + "'",
                                       .found = "'" + std::string(found) + "'"});
  }

  Result<void> replace() {
    BOOST_OUTCOME_TRY(fill(below("second"), second_content, time_));
    BOOST_OUTCOME_TRY(store_.replace(below("second"), below("first")));
    return read_back("first", second_content);
  }

  void test_lock() {
    using namespace std::chrono_literals;
    const auto lock = store_.lock(below("lock"), LockMode::exclusive, "roamsync check", 0ms);
    if (!attempt("lock a file", "", only_whether(lock))) return;
    const auto second = store_.lock(below("lock"), LockMode::exclusive, "roamsync check, again", 0ms);
    result_.locks_exclude = !second && second.error().code() == Errc::publish_running;
  }

  void clear_up() {
    if (result_.attempts.front().failure) return;
    const auto removed = remove_tree(store_, folder_);
    attempt("remove what was made", "DELETE", removed);
    if (!removed) result_.left_behind.push_back(store_.location_of(folder_));
  }

  Store& store_;
  Host& host_;
  ProfilePath folder_;
  FileTime time_;
  ProbeResult result_;
};

}  // namespace

const Attempt* ProbeResult::first_failure() const {
  for (const Attempt& attempt : attempts) {
    if (attempt.failure) return &attempt;
  }
  return nullptr;
}

ProbeResult probe_store(Store& store, Host& host) { return Probe(store, host).run(); }

}  // namespace roamsync::cli
