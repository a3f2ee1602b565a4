#include "transaction/names.hpp"

#include <roamsync/digest.hpp>
#include <roamsync/filter.hpp>

#include <algorithm>
#include <string>

namespace roamsync {
namespace {

constexpr std::string_view old_suffix = ".old.roamsync.tmp";
static_assert(old_suffix.ends_with(temporary_suffix));

// What ext4 and most others allow, in bytes of UTF-8; never more than the 255 UTF-16 units of Windows.
constexpr std::size_t name_size_max = 255;

std::string_view cut_at_character(std::string_view text, std::size_t size) {
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return text.substr(0, size);
}

std::string with_suffix(std::string_view name, std::string_view suffix) {
  std::string text(name);
  if (name.size() + suffix.size() > name_size_max) {
    const std::string mark = '~' + digest_of(std::as_bytes(std::span(name))).text().substr(0, 8);
    text = cut_at_character(name, name_size_max - mark.size() - suffix.size());
    text += mark;
  }
  return text += suffix;
}

bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_transaction_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, is_alphanumeric);
}

// `report.txt` becomes `report<insert>.txt`, so that a program still knows what to do with it.
ProfilePath inserted(const ProfilePath& path, const std::string& insert) {
  const std::string_view name = path.name();
  const std::size_t dot = name.rfind('.');
  const std::string_view extension =
      dot == std::string_view::npos || dot == 0 || name.size() - dot > 16 ? std::string_view() : name.substr(dot);
  return path.parent().child_unchecked(
      with_suffix(name.substr(0, name.size() - extension.size()), insert + std::string(extension)));
}

}  // namespace

Result<void> check_transaction_name(std::string_view transaction) {
  if (is_transaction_name(transaction)) return success();
  return Error(Errc::bad_name, {.step = "stage",
                                .expected = "a transaction name of 1 to 32 letters and digits",
                                .found = std::string(transaction)});
}

std::optional<std::string_view> transaction_of(const ProfilePath& path) {
  std::string_view name = path.name();
  if (!name.ends_with(temporary_suffix)) return std::nullopt;
  name.remove_suffix(name.ends_with(old_suffix) ? old_suffix.size() : temporary_suffix.size());
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const std::string_view transaction = name.substr(dot + 1);
  if (!is_transaction_name(transaction)) return std::nullopt;
  return transaction;
}

ProfilePath temporary_of(const ProfilePath& path, std::string_view transaction) {
  static const ProfilePath hive = ProfilePath::literal("NTUSER.DAT");
  if (path.same_file(hive)) return ProfilePath::literal(hive_temporary_name);
  return unique_temporary(path, transaction);
}

ProfilePath unique_temporary(const ProfilePath& path, std::string_view transaction) {
  return path.parent().child_unchecked(
      with_suffix(path.name(), '.' + std::string(transaction) + std::string(temporary_suffix)));
}

ProfilePath aside_of(const ProfilePath& path, std::string_view transaction) {
  return path.parent().child_unchecked(
      with_suffix(path.name(), '.' + std::string(transaction) + std::string(old_suffix)));
}

std::optional<ProfilePath> original_of_aside(const ProfilePath& path) {
  std::string_view name = path.name();
  if (!name.ends_with(old_suffix)) return std::nullopt;
  name.remove_suffix(old_suffix.size());
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  auto original = path.parent().child(name.substr(0, dot));
  if (!original) return std::nullopt;
  return std::move(original).value();
}

ProfilePath name_for_kept(const ProfilePath& path, std::string_view transaction) {
  return inserted(path, " (kept " + std::string(transaction) + ')');
}

Result<ProfilePath> free_name(Store& store, const ProfilePath& path,
                              const std::function<Result<bool>(const Entry& taken)>& fits) {
  constexpr int tries_max = 1000;
  ProfilePath candidate = path;
  for (int number = 2; number < tries_max; ++number) {
    BOOST_OUTCOME_TRY(const auto taken, store.stat(candidate));
    if (!taken) return candidate;
    if (fits) {
      BOOST_OUTCOME_TRY(const bool is_fit, fits(*taken));
      if (is_fit) return candidate;
    }
    candidate = inserted(path, " (" + std::to_string(number) + ')');
  }
  return Error(std::make_error_code(std::errc::file_exists), {.path = store.location_of(path)});
}

}  // namespace roamsync
