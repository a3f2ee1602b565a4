#include <roamsync/error.hpp>

#include <roamsync/printable.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <ostream>

namespace roamsync {
namespace {

struct CodeText {
  Errc code;
  std::string_view name;
  std::string_view text;
  int remedy;  // a Remedy, or 0
};

constexpr int remedy_of(Remedy remedy) { return static_cast<int>(remedy); }
constexpr int retry = remedy_of(Remedy::retry_later);
constexpr int choose = remedy_of(Remedy::choose_a_copy);
constexpr int ask = remedy_of(Remedy::ask_an_administrator);
constexpr int restore = remedy_of(Remedy::restore_a_copy);
constexpr int room = remedy_of(Remedy::free_space);

constexpr std::array code_texts{
    CodeText{Errc::hive_in_use, "hive_in_use", "the registry hive is held open", retry},
    CodeText{Errc::hive_dirty, "hive_dirty", "the registry hive was not closed and needs its transaction logs",
             restore},
    CodeText{Errc::hive_corrupt, "hive_corrupt", "the registry hive is corrupt", restore},
    CodeText{Errc::hive_missing, "hive_missing", "the registry hive is missing", restore},
    CodeText{Errc::copy_mismatch, "copy_mismatch", "what was read back is not what was written", retry},
    CodeText{Errc::source_changed, "source_changed", "the file changed while it was copied", retry},
    CodeText{Errc::target_changed, "target_changed", "the target is not the file the plan was made for", retry},
    CodeText{Errc::generation_moved, "generation_moved", "another machine published in the meantime", retry},
    CodeText{Errc::publish_running, "publish_running", "another process is working on this profile", retry},
    CodeText{Errc::decision_needed, "decision_needed", "both sides changed and a decision is needed", choose},
    CodeText{Errc::too_many_deletions, "too_many_deletions", "the plan would delete more than the guard allows",
             choose},
    CodeText{Errc::server_unavailable, "server_unavailable", "the server cannot be reached", retry},
    CodeText{Errc::server_emptied, "server_emptied", "the server folder held a profile and holds nothing of it now",
             retry},
    CodeText{Errc::other_profile, "other_profile", "the server folder holds another profile", ask},
    CodeText{Errc::upload_forbidden, "upload_forbidden", "this session may not upload", ask},
    CodeText{Errc::mandatory_unavailable, "mandatory_unavailable",
             "the super-mandatory profile cannot be had, so there is no logon", retry},
    CodeText{Errc::wrong_owner, "wrong_owner", "the server folder has the wrong owner", ask},
    CodeText{Errc::right_missing, "right_missing", "an access right is missing", ask},
    CodeText{Errc::share_lacks_write_dac, "share_lacks_write_dac", "the share does not grant WRITE_DAC", ask},
    CodeText{Errc::over_quota, "over_quota", "the profile is larger than its size limit", room},
    CodeText{Errc::no_space, "no_space", "there is too little room", room},
    CodeText{Errc::unsafe_path, "unsafe_path", "the path leads through a link or out of the profile", ask},
    CodeText{Errc::bad_name, "bad_name", "the name cannot exist on Windows", ask},
    CodeText{Errc::bad_descriptor, "bad_descriptor", "the security descriptor is malformed", ask},
    CodeText{Errc::record_damaged, "record_damaged", "a roamsync record is damaged", restore},
    CodeText{Errc::record_too_new, "record_too_new", "a roamsync record was written by a later version", ask},
    CodeText{Errc::not_supported, "not_supported", "this is not supported here", ask},
    CodeText{Errc::cancelled, "cancelled", "cancelled on request", retry},
    CodeText{Errc::timed_out, "timed_out", "the time allowed ran out", retry},
};

const CodeText* text_of(int value) {
  for (const CodeText& row : code_texts) {
    if (static_cast<int>(row.code) == value) return &row;
  }
  return nullptr;
}

// No std::errc has these.
bool is_out_of_reach_by_number([[maybe_unused]] int value) {
#ifdef ESTALE
  if (value == ESTALE) return true;
#endif
#ifdef EHOSTDOWN
  if (value == EHOSTDOWN) return true;
#endif
#ifdef ESHUTDOWN
  if (value == ESHUTDOWN) return true;
#endif
#ifdef EREMOTEIO
  if (value == EREMOTEIO) return true;
#endif
#ifdef ENONET
  if (value == ENONET) return true;
#endif
#ifdef ECOMM
  if (value == ECOMM) return true;
#endif
  return false;
}

bool is_of_the_system(const std::error_code& code) {
  return code.category() == std::system_category() || code.category() == std::generic_category();
}

// The system's codes an administrator meets, and what to do about them. Generic values only: the category's own
// default_error_condition has translated them.
int remedy_of_errno(const std::error_code& code) {
  const auto any_of = [&](auto... conditions) { return (... || (code == conditions)); };
  if (any_of(std::errc::no_space_on_device, std::errc::file_too_large)) return room;
  if (is_quota_exceeded(code)) return room;
  if (any_of(std::errc::permission_denied, std::errc::operation_not_permitted, std::errc::read_only_file_system)) {
    return ask;
  }
  if (is_out_of_reach(code) ||
      any_of(std::errc::device_or_resource_busy, std::errc::text_file_busy, std::errc::resource_unavailable_try_again,
             std::errc::too_many_files_open, std::errc::interrupted)) {
    return retry;
  }
  return 0;
}

// "ENOSPC"; empty where the system does not tell.
std::string name_of_errno([[maybe_unused]] int value) {
#if defined(__GLIBC__) && defined(_GNU_SOURCE) && __GLIBC_PREREQ(2, 32)
  if (const char* name = ::strerrorname_np(value)) return name;
#endif
  return {};
}

class ErrorCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "roamsync"; }
  std::string message(int value) const override {
    const CodeText* row = text_of(value);
    return row != nullptr ? std::string(row->text) : "unknown roamsync error " + std::to_string(value);
  }
};

class RemedyCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "roamsync-remedy"; }
  std::string message(int value) const override {
    switch (static_cast<Remedy>(value)) {
      case Remedy::retry_later: return "try again later";
      case Remedy::choose_a_copy: return "choose a copy";
      case Remedy::ask_an_administrator: return "ask an administrator";
      case Remedy::restore_a_copy: return "restore an earlier copy";
      case Remedy::free_space: return "free space or raise the quota";
    }
    return "unknown remedy " + std::to_string(value);
  }
  bool equivalent(const std::error_code& code, int remedy) const noexcept override {
    if (code.category() == sync_category()) {
      const CodeText* row = text_of(code.value());
      return row != nullptr && row->remedy == remedy;
    }
    return remedy_of_errno(code) == remedy;
  }
};

const ErrorContext no_context{};

}  // namespace

const std::error_category& sync_category() noexcept {
  static const ErrorCategory category;
  return category;
}

const std::error_category& remedy_category() noexcept {
  static const RemedyCategory category;
  return category;
}

std::error_code make_error_code(Errc code) noexcept { return {static_cast<int>(code), sync_category()}; }

std::error_condition make_error_condition(Remedy remedy) noexcept {
  return {static_cast<int>(remedy), remedy_category()};
}

std::string code_name(const std::error_code& code) {
  if (code.category() == sync_category()) {
    const CodeText* row = text_of(code.value());
    return row != nullptr ? std::string(row->name) : "unknown";
  }
  if (code.category() == std::system_category() || code.category() == std::generic_category()) {
    if (const std::string name = name_of_errno(code.value()); !name.empty()) return name;
  }
  return std::string(code.category().name()) + ':' + std::to_string(code.value());
}

std::string_view remedy_name(const std::error_code& code) {
  if (code == Remedy::retry_later) return "retry_later";
  if (code == Remedy::choose_a_copy) return "choose_a_copy";
  if (code == Remedy::ask_an_administrator) return "ask_an_administrator";
  if (code == Remedy::restore_a_copy) return "restore_a_copy";
  if (code == Remedy::free_space) return "free_space";
  return {};
}

std::error_code quota_exceeded_code() noexcept {
#ifdef EDQUOT
  return {EDQUOT, std::generic_category()};
#else
  return std::make_error_code(std::errc::no_space_on_device);
#endif
}

bool is_quota_exceeded(const std::error_code& code) noexcept {
#ifdef EDQUOT
  return is_of_the_system(code) && code.value() == EDQUOT;
#else
  static_cast<void>(code);
  return false;
#endif
}

bool is_out_of_reach(const std::error_code& code) noexcept {
  if (is_of_the_system(code) && is_out_of_reach_by_number(code.value())) return true;
  const auto any_of = [&](auto... conditions) { return (... || (code == conditions)); };
  return any_of(std::errc::host_unreachable, std::errc::network_unreachable, std::errc::network_down,
                std::errc::network_reset, std::errc::connection_reset, std::errc::connection_aborted,
                std::errc::connection_refused, std::errc::not_connected, std::errc::broken_pipe, std::errc::timed_out,
                std::errc::no_link);
}

Error::Error(Errc code, ErrorContext context)
    : code_(make_error_code(code)), context_(std::make_shared<const ErrorContext>(std::move(context))) {}

Error::Error(std::error_code code, ErrorContext context)
    : code_(code), context_(std::make_shared<const ErrorContext>(std::move(context))) {}

const ErrorContext& Error::context() const noexcept { return context_ ? *context_ : no_context; }

std::string Error::message() const {
  const ErrorContext& at = context();
  std::string line;
  const auto add = [&line](std::string_view before, std::string_view text) {
    if (text.empty()) return;
    if (!line.empty()) line += before;
    line += text;
  };
  add({}, at.step);
  add(": ", at.path);
  add(": ", code_.message());
  if (!at.expected.empty()) (line += "; expected ") += at.expected;
  if (!at.found.empty()) (line += at.expected.empty() ? "; found " : ", found ") += at.found;
  if (at.cause && line.find(at.cause.message()) == line.npos) (((line += " (") += at.cause.message()) += ')');
  if (!at.cure.empty()) (line += "; cure: ") += at.cure;
  return printable(line);
}

Error Error::within(ErrorContext outer) const {
  const ErrorContext& inner = context();
  const auto prefer = [](const std::string& first, std::string& second) {
    if (!first.empty()) second = first;
  };
  prefer(inner.step, outer.step);
  prefer(inner.path, outer.path);
  prefer(inner.expected, outer.expected);
  prefer(inner.found, outer.found);
  prefer(inner.cure, outer.cure);
  if (inner.cause) outer.cause = inner.cause;
  return Error(code_, std::move(outer));
}

void outcome_throw_as_system_error_with_payload(Error error) { throw std::system_error(error.code(), error.message()); }

std::ostream& operator<<(std::ostream& out, const Error& error) { return out << error.message(); }

}  // namespace roamsync
