// A disk that is full, for real: a tmpfs of one megabyte in a mount namespace of its own.
#include "store/disk_store_posix.hpp"

#include "support/result_matchers.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace roamsync::posix {
namespace {

constexpr int no_namespace = 77;

bool write_text(const char* path, const std::string& text) {
  const Handle file(::open(path, O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// A mount namespace of our own: root may just take one, others first become root of a user namespace.
bool separate() {
  if (::unshare(CLONE_NEWNS) == 0) return true;
  const std::string user = "0 " + std::to_string(::geteuid()) + " 1";
  const std::string group = "0 " + std::to_string(::getegid()) + " 1";
  return ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && write_text("/proc/self/setgroups", "deny") &&
         write_text("/proc/self/uid_map", user) && write_text("/proc/self/gid_map", group);
}

using Work = std::function<std::string(Store&)>;

// Never returns: what follows in the test is the parent's.
[[noreturn]] void work_in_child(const boost::filesystem::path& folder, const Work& work, int answer) noexcept {
  if (!separate() || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=1m") != 0) {
    ::_exit(no_namespace);
  }
  const auto store = open_disk_store({.root = folder}, Resolution::kernel);
  const std::string text = store ? work(*store.value()) : store.error().message();
  ::_exit(::write(answer, text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1);
}

// What `work` says in a child process that sees a small tmpfs at `folder`; nothing where this system allows no such thing.
std::optional<std::string> on_small_disk(const boost::filesystem::path& folder, const Work& work) {
  int answer[2];
  if (::pipe(answer) != 0) return std::nullopt;
  const pid_t child = ::fork();
  if (child == 0) work_in_child(folder, work, answer[1]);
  ::close(answer[1]);
  std::string text(4096, '\0');
  const ssize_t size = ::read(answer[0], text.data(), text.size());
  ::close(answer[0]);
  int status = 0;
  if (::waitpid(child, &status, 0) != child) return std::nullopt;
  if (WIFEXITED(status) && WEXITSTATUS(status) == no_namespace) return std::nullopt;
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return text;
}

template <class R>
std::string code_of(const R& result) {
  if (result) return "ok";
  return result.error().code() == std::errc::no_space_on_device ? "full" : result.error().message();
}

TEST(DiskFull, ShowsAtReserveBeforeTheFirstByte) {
  const testing::TemporaryFolder folder;
  const auto found = on_small_disk(folder.path(), [](Store& store) {
    const auto writer = store.create(ProfilePath::literal("file")).value();
    std::string text = code_of(writer->reserve(8 << 20)) + ' ';
    text += code_of(writer->reserve(256 << 10)) + ' ';
    return text + std::to_string(store.space().value().available);
  });
  if (!found) GTEST_SKIP() << "no mount namespaces for this user";
  EXPECT_EQ(*found, "full ok " + std::to_string(768 << 10));
}

TEST(DiskFull, ShowsAtWriteAndDuplicateLeavesNothing) {
  const testing::TemporaryFolder folder;
  const auto found = on_small_disk(folder.path(), [](Store& store) {
    const std::vector<std::byte> bytes(700 << 10, std::byte{1});
    std::string text;
    {
      const auto writer = store.create(ProfilePath::literal("file")).value();
      text += code_of(writer->write(0, bytes)) + ' ';
      text += code_of(writer->write(bytes.size(), bytes)) + ' ';
      text += code_of(writer->resize(bytes.size())) + ' ';
      text += code_of(writer->finish({})) + ' ';
    }
    text += code_of(store.duplicate(ProfilePath::literal("file"), ProfilePath::literal("copy"))) + ' ';
    return text + std::to_string(store.list({}).value().entries.size());
  });
  if (!found) GTEST_SKIP() << "no mount namespaces for this user";
  EXPECT_EQ(*found, "ok full ok ok full 1");
}

}  // namespace
}  // namespace roamsync::posix
