#include "cli/hive_files.hpp"

#include "cli/usage_error.hpp"

#include <roamsync/disk_store.hpp>

#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>

#include <cerrno>

namespace roamsync::cli {

Result<Bytes> read_file(const std::string& path) {
  const auto failed = [&](std::error_code code) { return Error(code, {.step = "read", .path = path}); };
  boost::system::error_code code;
  if (boost::filesystem::is_directory(path, code)) return failed(std::make_error_code(std::errc::is_a_directory));
  if (boost::filesystem::is_other(boost::filesystem::status(path, code))) {
    return usage_error(path + " is a device or a pipe, not a file", "name a file, which can be read as a whole");
  }
  const auto size = boost::filesystem::file_size(path, code);
  if (code) return failed(code);
  boost::filesystem::ifstream file(path, std::ios::binary);
  if (!file) return failed({errno, std::generic_category()});
  Bytes bytes(static_cast<std::size_t>(size));
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (file.bad()) return failed(std::make_error_code(std::errc::io_error));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

Result<void> check_output(const std::string& output, const std::vector<std::string>& inputs) {
  for (const std::string& input : inputs) {
    boost::system::error_code code;
    if (!boost::filesystem::equivalent(output, input, code)) continue;
    return usage_error("the output " + output + " is the same file as the input " + input,
                       "name another file with --output; what is read is never written to");
  }
  return success();
}

Result<void> write_file(const std::string& path, std::span<const std::byte> bytes) {
  const auto whole = boost::filesystem::absolute(path);
  BOOST_OUTCOME_TRY(const auto store, open_disk_store({.root = whole.parent_path()}));
  BOOST_OUTCOME_TRY(const auto target, ProfilePath::parse(whole.filename().string()));
  // A name of its own: whatever lies beside the target is somebody's.
  BOOST_OUTCOME_TRY(const auto staged,
                    ProfilePath::parse(boost::filesystem::unique_path("roamsync-%%%%%%%%%%%%.tmp").string()));
  BOOST_OUTCOME_TRY(const auto writer, store->create(staged));
  const ProfilePath folder;
  const auto write = [&]() -> Result<void> {
    BOOST_OUTCOME_TRYV(writer->reserve(bytes.size()));
    BOOST_OUTCOME_TRYV(writer->write(0, bytes));
    BOOST_OUTCOME_TRYV(writer->finish({}));
    BOOST_OUTCOME_TRYV(store->flush(std::span(&staged, 1)));
    BOOST_OUTCOME_TRYV(store->replace(staged, target));
    return store->flush_directories(std::span(&folder, 1));
  };
  auto written = write();
  if (!written) {
    // Nothing half-made is left; that this may fail too changes nothing about the first failure.
    static_cast<void>(store->remove_file(staged));
  }
  return written;
}

}  // namespace roamsync::cli
