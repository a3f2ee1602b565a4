#include "cli/progress_line.hpp"

#include "cli/terminal.hpp"

#include <ostream>
#include <sstream>

namespace roamsync::cli {
namespace {

constexpr auto erase_line = "\r\x1b[K";

// Cuts at a character, for what we print is UTF-8; a line that wraps could not be erased.
std::string cut(std::string text, std::size_t columns) {
  std::size_t shown = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) continue;
    if (++shown == columns) {
      text.resize(i);
      break;
    }
  }
  return text;
}

}  // namespace

void ProgressLine::update(const Event& event) {
  if (!is_shown_ || std::holds_alternative<Notice>(event)) return;
  std::ostringstream line;
  if (const auto* step = std::get_if<Step>(&event)) {
    step_ = step->name;
    line << event;
  } else {
    line << step_ << ": " << event;
  }
  out_ << erase_line << cut(line.str(), terminal_columns()) << std::flush;
  is_drawn_ = true;
}

void ProgressLine::erase() {
  if (is_drawn_) out_ << erase_line << std::flush;
  is_drawn_ = false;
}

}  // namespace roamsync::cli
