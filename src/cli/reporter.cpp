#include "cli/reporter.hpp"

#include "cli/terminal.hpp"

namespace roamsync::cli {
namespace {

bool shows_progress(const CommonOptions& options) {
  switch (options.progress) {
    case ProgressWhen::always: return true;
    case ProgressWhen::never: return false;
    case ProgressWhen::automatic: break;
  }
  return !options.quiet && shows_messages_on_terminal();
}

}  // namespace

Reporter::Reporter(Host& host, Output& output) : output_(output), log_(host), line_(output.messages()) {
  output_.before_messages([this] { line_.erase(); });
}

Result<void> Reporter::begin(const std::string& command, const CommonOptions& options) {
  line_.show(shows_progress(options));
  if (options.events_file.empty()) return success();
  BOOST_OUTCOME_TRY(log_.open(options.events_file));
  log_.begin(command);
  if (!log_.is_whole()) return log_.failure();
  return success();
}

void Reporter::handle(const Event& event) {
  const std::scoped_lock lock(mutex_);
  log_.write(event);
  if (const auto* notice = std::get_if<Notice>(&event)) output_.notice(*notice);
  line_.update(event);
}

ExitCode Reporter::end(ExitCode code) {
  line_.erase();
  log_.end(code);
  if (log_.is_whole()) return code;
  output_.notice({.level = Level::error, .text = log_.failure().message()});
  return code == done ? io_error : code;
}

}  // namespace roamsync::cli
