/// @file
/// printable: text from elsewhere (names of files, of programs, of links' targets) as it may stand in a line for a person.
///
/// A file may be called "\x1b[2J" or hold a line end in its name. Written as it is to a terminal it moves the cursor, colours
/// what follows or passes for another line of the report. So control characters are shown as `\n`, `\t`, `\r` or `\x1b`,
/// those of C1 (which a terminal obeys as well) by their number in Unicode, `\u009b`, and bytes that are no UTF-8 one by one.
/// All other text stays as it is, a backslash too, so that what has been made printable stays the same when it is done again.
///
/// It is for reading only: two names may look alike. JSON output has the names as they are.
/// Threads: a pure function.
#pragma once

#include <string>
#include <string_view>

namespace roamsync {

std::string printable(std::string_view text);

}  // namespace roamsync
