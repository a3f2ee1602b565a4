#include "sim/ledger.hpp"

#include <algorithm>

namespace roamsync::sim {

std::string Ledger::new_text(Random& random, const std::string& author, Home home, const ProfilePath& path) {
  const std::string title = author + "'s " + std::to_string(++count_) + " of " + std::string(path.text());
  constexpr std::size_t usual_size = 80;
  constexpr std::size_t size_beyond_a_page = 5000;
  std::string text = title;
  text.resize(random.one_in(8) ? size_beyond_a_page : usual_size + (random.one_in(4) ? random.below(9) : 0), '.');
  all_[text] = {.title = title, .home = home, .on_server = home == at_server};
  return text;
}

std::string Ledger::new_hive(Random& random, const std::string& author, Home home, Settings settings, FileTime now,
                             HiveClosed closed) {
  constexpr std::size_t names = 5;
  ++count_;
  for (std::size_t changes = 1 + random.below(2); changes > 0; --changes) {
    const std::string name = "Setting" + std::to_string(random.below(names));
    settings[name] = author + "'s " + std::to_string(count_);
    settings_.emplace(name, settings[name]);
  }
  std::string hive = make_hive(settings, now, closed);
  all_[hive] = {
      .title = author + "'s " + std::to_string(count_) + ", a hive", .home = home, .on_server = home == at_server};
  return hive;
}

bool Ledger::take_up_merged(const std::string& bytes, Home home) {
  const Settings settings = settings_of(bytes);
  const bool is_ours =
      !settings.empty() && std::ranges::all_of(settings, [&](const auto& one) { return settings_.contains(one); });
  if (is_ours) all_[bytes] = {.title = "the merged hive " + std::to_string(++count_), .home = home};
  return is_ours;
}

void Ledger::supersede(const std::string& bytes) {
  if (const auto at = all_.find(bytes); at != all_.end()) at->second.superseded = true;
}

void Ledger::arrived_on_server(const std::string& bytes) {
  if (const auto at = all_.find(bytes); at != all_.end()) at->second.on_server = true;
}

}  // namespace roamsync::sim
