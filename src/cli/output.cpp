#include "cli/output.hpp"

#include <roamsync/printable.hpp>

#include "cli/json.hpp"

#include <ostream>

namespace roamsync::cli {

void Output::result(const Json& document, const std::function<void(std::ostream&)>& text) {
  has_result_ = true;
  make_room();
  if (json_) {
    this->document(document);
  } else {
    text(results_);
  }
}

void Output::summary(const Json& document, const std::function<void(std::ostream&)>& text) {
  result(document, [&](std::ostream& out) {
    if (!quiet_) text(out);
  });
}

void Output::failure(const Error& error, Json more) {
  make_room();
  messages_ << "roamsync: " << printable(sentence_of(error)) << '\n' << std::flush;
  if (!json_ || has_result_) return;
  more["error"] = json_of(error);
  document(more);
}

void Output::note(std::string_view sentence) {
  if (quiet_) return;
  make_room();
  messages_ << printable(sentence) << '\n' << std::flush;
}

void Output::notice(const Notice& notice) {
  if (quiet_ && notice.level == Level::information) return;
  make_room();
  messages_ << Event(notice) << '\n' << std::flush;
}

bool Output::flush() { return static_cast<bool>(results_.flush()); }

void Output::document(const Json& document) {
  // Names of files may be any bytes; JSON is UTF-8.
  results_ << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

void Output::make_room() {
  if (before_messages_) before_messages_();
}

}  // namespace roamsync::cli
