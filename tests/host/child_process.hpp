/// @file
/// Real processes for tests of Host: a forked child that does one thing with a file, then does as it is told.
#pragma once

#include <gtest/gtest.h>
#include <boost/filesystem.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <utility>

namespace roamsync::testing {

class Child {
 public:
  /// `prepare` runs in the child before the constructor returns here; `then` when tell() is called. Then the child sleeps until
  /// it is killed. Both may only make system calls.
  explicit Child(
      const std::function<void()>& prepare, const std::function<void()>& then = [] {}) {
    int ready[2];
    int orders[2];
    if (::pipe2(ready, O_CLOEXEC) != 0 || ::pipe2(orders, O_CLOEXEC) != 0) std::abort();
    pid_ = ::fork();
    char byte = 0;
    if (pid_ == 0) {
      prepare();
      if (::write(ready[1], "r", 1) != 1) ::_exit(1);
      ::close(orders[1]);
      if (::read(orders[0], &byte, 1) == 1) then();
      for (;;) ::pause();
    }
    ::close(ready[1]);
    ::close(orders[0]);
    orders_ = orders[1];
    if (::read(ready[0], &byte, 1) != 1) ADD_FAILURE() << "the child did not start";
    ::close(ready[0]);
  }
  ~Child() {
    kill();
    ::close(orders_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  void tell() const {
    if (::write(orders_, "g", 1) != 1) ADD_FAILURE() << "the child does not listen";
  }
  void kill() {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    wait();
  }
  /// The status of waitpid; waits for the end of the child.
  int wait() {
    if (pid_ > 0) ::waitpid(std::exchange(pid_, -1), &status_, 0);
    return status_;
  }

 private:
  pid_t pid_ = -1;
  int orders_ = -1;
  int status_ = 0;
};

/// A folder of its own with a file in it, gone afterwards.
class HiveFile : public ::testing::Test {
 protected:
  void SetUp() override {
    folder = boost::filesystem::temp_directory_path() / boost::filesystem::unique_path("roamsync-host-%%%%%%%%");
    boost::filesystem::create_directories(folder);
    hive = make("NTUSER.DAT");
  }
  void TearDown() override { boost::filesystem::remove_all(folder); }

  boost::filesystem::path make(const std::string& name) const {
    const auto path = folder / name;
    const int descriptor = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    EXPECT_GE(descriptor, 0);
    EXPECT_EQ(::ftruncate(descriptor, 8192), 0);
    ::close(descriptor);
    return path;
  }

  boost::filesystem::path folder;
  boost::filesystem::path hive;
};

}  // namespace roamsync::testing
