#include <roamsync/printable.hpp>

#include <roamsync/error.hpp>
#include <roamsync/event.hpp>

#include <gtest/gtest.h>

#include <sstream>

namespace roamsync {
namespace {

TEST(Printable, TextStaysAsItIs) {
  for (const char* text : {"", "Desktop/a b.txt", "C:\\Users\\alice", "Ünïcode/日本語", "𐐀", "\\n is two letters"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, NoControlCharacterReachesATerminal) {
  EXPECT_EQ(printable("a\x1b[2Jb"), "a\\x1b[2Jb");
  EXPECT_EQ(printable("one\nline\r\t"), "one\\nline\\r\\t");
  EXPECT_EQ(printable(std::string_view("\0\x7f", 2)), "\\x00\\x7f");
  EXPECT_EQ(printable("\u009b31m"), "\\u009b31m") << "a terminal takes it for ESC [";
  EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3") << "no UTF-8";
}

TEST(Printable, DoneTwiceIsDoneOnce) {
  const std::string once = printable("a\x1b\n\xff\u0085");
  EXPECT_EQ(printable(once), once);
}

TEST(Printable, ErrorsAndNoticesAreOneLineWhateverAFileIsCalled) {
  const Error error(Errc::unsafe_path, {.path = "a\n\x1b]0;title\a", .found = "a symbolic link to \x1b[31m"});
  EXPECT_EQ(error.message().find_first_of("\n\x1b\a"), std::string::npos) << error.message();
  std::ostringstream line;
  line << Event(Notice{.text = "evil\nerror 1504: invented"});
  EXPECT_EQ(line.str(), "information: evil\\nerror 1504: invented");
}

}  // namespace
}  // namespace roamsync
