#include "cli/profiles.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace roamsync::testing {
namespace {

class Interruption : public ProfilesTest {
 protected:
  // Logs off while this process holds the hive, so that the command waits, and signals it meanwhile.
  CommandRun interrupted_by(std::initializer_list<int> signals) {
    const int held = ::open(path("a/NTUSER.DAT").c_str(), O_RDWR | O_CLOEXEC);
    const auto run =
        run_command(words({"logoff"}, "a", {"--process-terminate-timeout", "-1", "--events", path("events")}),
                    {.meanwhile = [&](int pid) {
                      while (read("events").find("wait") == std::string::npos) {
                        std::this_thread::sleep_for(std::chrono::milliseconds(5));
                      }
                      for (const int signal : signals) ::kill(pid, signal);
                    }});
    ::close(held);
    return run;
  }
};

TEST_F(Interruption, BySigintOrSigtermExitsWith130AndChangesNothing) {
  for (const int signal : {SIGINT, SIGTERM}) {
    SCOPED_TRACE(signal);
    remove("events");
    const auto run = interrupted_by({signal});
    EXPECT_EQ(run.exit_code, 130) << run.messages;
    EXPECT_EQ(run.json().at("error").at("code"), "cancelled");
    EXPECT_FALSE(boost::filesystem::exists(path("share/user.V6")));
  }
  EXPECT_EQ(log_off("a").exit_code, 0) << "and the next one does the work";
}

TEST_F(Interruption, OfAQuestionExitsWith130) {
  share_profile();
  put("a/Desktop/note.txt", "changed on a");
  ASSERT_EQ(log_off("a").exit_code, 0);
  put("b/Desktop/note.txt", "changed on b as well");
  const auto run = run_command(words({"logoff"}, "b", {"--on-conflict", "ask", "--events", path("events")}),
                               {.on_terminal = true, .meanwhile = [&](int pid) {
                                  while (read("events").find("\"plan\"") == std::string::npos) {
                                    std::this_thread::sleep_for(std::chrono::milliseconds(5));
                                  }
                                  std::this_thread::sleep_for(std::chrono::milliseconds(100));
                                  ::kill(pid, SIGINT);
                                }});
  EXPECT_EQ(run.exit_code, 130) << run.messages;
  EXPECT_EQ(read("share/user.V6/Desktop/note.txt"), "changed on a");
}

}  // namespace
}  // namespace roamsync::testing
