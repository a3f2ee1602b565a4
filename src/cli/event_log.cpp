#include "cli/event_log.hpp"

#include "cli/json.hpp"

#include <cerrno>

namespace roamsync::cli {

template <class Members>
void EventLog::write_line(std::string_view type, const Members& members) {
  if (!file_.is_open()) return;
  Json line{{"time", host_.now().text()}, {"type", type}};
  line.update(members);
  errno = 0;
  file_ << line.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n' << std::flush;
  if (!file_ && !failed_) failed_ = std::error_code(errno != 0 ? errno : EIO, std::system_category());
}

Result<void> EventLog::open(const std::string& file) {
  errno = 0;
  name_ = file;
  file_.open(file, std::ios::binary | std::ios::app);
  if (file_) return success();
  failed_ = std::error_code(errno != 0 ? errno : EIO, std::system_category());
  return failure();
}

Error EventLog::failure() const {
  return Error(failed_, {.step = "write events",
                         .path = name_,
                         .expected = "a file that takes every event",
                         .found = "one that does not: events are missing in it",
                         .cure = "make room for it, or name another file with --events"});
}

void EventLog::begin(const std::string& command) { write_line("begin", Json{{"command", command}}); }

void EventLog::write(const Event& event) {
  struct Writer {
    EventLog& log;
    void operator()(const Notice& notice) const { log.write_line("notice", json_of(notice)); }
    void operator()(const Step& step) const { log.write_line("step", Json{{"name", step.name}}); }
    void operator()(const Progress& progress) const {
      log.write_line("progress", Json{{"files_done", progress.files_done},
                                      {"files_total", progress.files_total},
                                      {"bytes_done", progress.bytes_done},
                                      {"bytes_total", progress.bytes_total},
                                      {"bytes_per_second", progress.bytes_per_second},
                                      {"ms_left", progress.left.count()}});
    }
  };
  std::visit(Writer{*this}, event);
}

void EventLog::end(ExitCode code) { write_line("end", Json{{"exit_code", static_cast<int>(code)}}); }

}  // namespace roamsync::cli
