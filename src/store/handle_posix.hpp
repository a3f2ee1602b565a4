/// @file
/// Handle: a file descriptor that closes itself. And the few words every POSIX file of the disk store needs.
#pragma once

#include <cerrno>
#include <system_error>
#include <utility>

namespace roamsync::posix {

class Handle {
 public:
  Handle() = default;
  explicit Handle(int descriptor) noexcept : descriptor_(descriptor) {}
  ~Handle() { close(); }
  Handle(Handle&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      close();
      descriptor_ = std::exchange(other.descriptor_, -1);
    }
    return *this;
  }

  int get() const noexcept { return descriptor_; }
  explicit operator bool() const noexcept { return descriptor_ >= 0; }
  /// Closes now; the error number, or 0. A network file system reports here what a write could not.
  int close() noexcept;

 private:
  int descriptor_ = -1;
};

inline std::error_code system_code(int number) noexcept { return {number, std::system_category()}; }

/// Repeats a call that a signal interrupted.
template <class Call>
auto uninterrupted(Call call) noexcept {
  for (;;) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

}  // namespace roamsync::posix
