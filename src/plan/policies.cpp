#include <roamsync/plan.hpp>

namespace roamsync {
namespace {

class Fixed final : public Policy {
 public:
  explicit Fixed(Choice choice) noexcept : choice_(choice) {}
  Choice choose(const Triple&, ConflictKind) const override { return choice_; }

 private:
  Choice choice_;
};

class Newest final : public Policy {
 public:
  Choice choose(const Triple& conflict, ConflictKind kind) const override {
    if (kind == ConflictKind::access_differs) return Choice::keep_server;
    if (conflict.local == nullptr) return Choice::keep_server;
    if (conflict.server == nullptr) return Choice::keep_local;
    if (conflict.local->kind != conflict.server->kind) {
      // A folder's time tells nothing about what is in it, and more than one file may be.
      return conflict.local->is_directory() ? Choice::keep_local : Choice::keep_server;
    }
    return conflict.local->modified > conflict.server->modified ? Choice::keep_local : Choice::keep_server;
  }
};

}  // namespace

const Policy& newest_wins() noexcept {
  static const Newest policy;
  return policy;
}
const Policy& local_wins() noexcept {
  static const Fixed policy(Choice::keep_local);
  return policy;
}
const Policy& server_wins() noexcept {
  static const Fixed policy(Choice::keep_server);
  return policy;
}
const Policy& keeps_both() noexcept {
  static const Fixed policy(Choice::keep_both);
  return policy;
}
const Policy& merges() noexcept {
  static const Fixed policy(Choice::merge);
  return policy;
}
const Policy& asks() noexcept {
  static const Fixed policy(Choice::undecided);
  return policy;
}

}  // namespace roamsync
