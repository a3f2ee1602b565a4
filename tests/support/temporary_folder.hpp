/// @file
/// A fresh folder for one test, removed with everything in it when the test is over.
#pragma once

#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>

namespace roamsync::testing {

class TemporaryFolder {
 public:
  TemporaryFolder()
      : path_(boost::filesystem::temp_directory_path() /
              boost::filesystem::unique_path("roamsync-test-%%%%-%%%%-%%%%")) {
    boost::filesystem::create_directory(path_);
  }
  ~TemporaryFolder() {
    boost::system::error_code ignored;
    boost::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const boost::filesystem::path& path() const noexcept { return path_; }

 private:
  boost::filesystem::path path_;
};

}  // namespace roamsync::testing
