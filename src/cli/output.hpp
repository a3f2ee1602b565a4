/// @file
/// Output: what the command prints. Results go to standard output, as text or (--json) as one JSON document; everything else
/// goes to standard error.
#pragma once

#include <roamsync/error.hpp>
#include <roamsync/event.hpp>

#include <nlohmann/json.hpp>

#include <functional>
#include <iosfwd>
#include <string_view>

namespace roamsync::cli {

/// Members stay in the order they were put in.
using Json = nlohmann::ordered_json;

class Output {
 public:
  Output(std::ostream& results, std::ostream& messages) : results_(results), messages_(messages) {}

  void set_json(bool json) noexcept { json_ = json; }
  void set_quiet(bool quiet) noexcept { quiet_ = quiet; }
  bool json() const noexcept { return json_; }
  bool quiet() const noexcept { return quiet_; }

  /// The result of the run, once: `document` with --json, else what `text` writes.
  void result(const Json& document, const std::function<void(std::ostream&)>& text);
  /// The same where the text only says that it went well: not shown with --quiet.
  void summary(const Json& document, const std::function<void(std::ostream&)>& text);
  /// The run failed: a sentence on standard error, and with --json the document `{"error": …}` unless a result was printed;
  /// `more` are members to stand beside `error` there.
  void failure(const Error& error, Json more = Json::object());

  /// A sentence by the way; not with --quiet.
  void note(std::string_view sentence);
  /// A warning or an error among the events, always; information only when not --quiet.
  void notice(const Notice& notice);

  /// For what is drawn and erased again (progress, questions).
  std::ostream& messages() noexcept { return messages_; }
  /// Called before anything is printed, so that a progress line can be erased.
  void before_messages(std::function<void()> hook) { before_messages_ = std::move(hook); }
  void make_room();
  /// False when standard output took not all of the result (a full disk, a closed pipe).
  bool flush();

 private:
  void document(const Json& document);

  std::ostream& results_;
  std::ostream& messages_;
  std::function<void()> before_messages_;
  bool json_ = false;
  bool quiet_ = false;
  bool has_result_ = false;
};

}  // namespace roamsync::cli
