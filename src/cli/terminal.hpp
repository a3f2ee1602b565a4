/// @file
/// The terminal: whether one is there, how wide it is, and a line from the person before it.
#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>

namespace roamsync::cli {

/// True when messages (standard error) go to a terminal.
bool shows_messages_on_terminal();
/// True when there is somebody to ask: standard input and standard error are terminals.
bool can_ask();
/// Columns of the terminal messages go to; 80 where it does not say.
std::size_t terminal_columns();
/// A line from standard input, without its end. Nothing at the end of the input or when a stop is requested.
std::optional<std::string> read_line(std::stop_token stop);

}  // namespace roamsync::cli
