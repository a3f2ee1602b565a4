// Golden plans: tests/golden/plans/*.txt hold a situation and the plan for it, with all reasons, as a person reads it.
// A file is made of `key: value` lines and of blocks of tree lines under `local:`, `server:` and `base:` (see tree_text.hpp); behind
// `plan:` stands what is expected. ROAMSYNC_UPDATE_GOLDEN=1 writes that part anew.
#include "support/golden.hpp"
#include "plan/scenario.hpp"

#include <gtest/gtest.h>
#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/path.hpp>

#include <algorithm>
#include <map>

namespace roamsync::testing {
namespace {

const std::map<std::string, const Policy*> policies{{"newest", &newest_wins()}, {"local", &local_wins()},
                                                    {"server", &server_wins()}, {"keep-both", &keeps_both()},
                                                    {"merge", &merges()},       {"ask", &asks()}};
const std::map<std::string, Rules> rule_names{
    {"base", Rules::base}, {"nt4", Rules::nt4}, {"windows2000", Rules::windows2000}};

Scenario read_scenario(const std::string& text) {
  std::istringstream in(text);
  std::map<std::string, std::string> blocks;
  std::string* block = nullptr;
  Scenario scenario;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with("//")) continue;
    if (line.front() == ' ') {
      if (block == nullptr) throw std::invalid_argument("a line outside a block: " + line);
      *block += line + '\n';
      continue;
    }
    const std::size_t colon = line.find(':');
    const std::string key = line.substr(0, colon);
    const std::string value = colon + 2 < line.size() ? line.substr(colon + 2) : "";
    block = value.empty() ? &blocks[key] : nullptr;
    if (key == "direction") scenario.direction = value == "logon" ? Direction::logon : Direction::logoff;
    if (key == "rules") scenario.rules = rule_names.at(value);
    if (key == "policy") scenario.policy = policies.at(value);
    if (key == "loaded") scenario.load_time = parse_time(value);
    if (key == "local obstacle") scenario.local_obstacles.push_back(value);
    if (key == "server obstacle") scenario.server_obstacles.push_back(value);
  }
  scenario.local = tree(blocks["local"]);
  scenario.server = tree(blocks["server"]);
  scenario.base = agreed(blocks["base"]);
  return scenario;
}

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  for (const auto& file : boost::filesystem::directory_iterator(ROAMSYNC_GOLDEN_PLANS)) {
    if (file.path().extension() == ".txt") names.push_back(file.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class GoldenPlan : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenPlan, IsWhatTheFileSays) {
  const std::string path = std::string(ROAMSYNC_GOLDEN_PLANS) + '/' + GetParam() + ".txt";
  const std::string text = read_text(path);
  const std::size_t mark = text.find("\nplan:\n");
  ASSERT_NE(mark, text.npos) << path << " has no line `plan:`";
  const std::string situation = text.substr(0, mark + 7);
  const Scenario scenario = read_scenario(text.substr(0, mark + 1));
  std::ostringstream plan;
  plan << situation << scenario.plan();
  if (updates_golden()) write_text(path, plan.str());
  EXPECT_EQ(plan.str(), read_text(path));
}

INSTANTIATE_TEST_SUITE_P(All, GoldenPlan, ::testing::ValuesIn(golden_names()),
                         [](const auto& name) { return name.param; });

}  // namespace
}  // namespace roamsync::testing
