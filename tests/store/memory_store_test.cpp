#include <roamsync/memory_store.hpp>

#include "support/at.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using ::testing::UnorderedElementsAre;

using testing::at;

std::vector<std::string> names(const MemoryStore& store) {
  std::vector<std::string> all;
  for (const auto& [path, node] : store.content()) all.emplace_back(path.text());
  return all;
}

Result<void> write_file(Store& store, const ProfilePath& path, std::string_view text) {
  BOOST_OUTCOME_TRY(const auto writer, store.create(path));
  BOOST_OUTCOME_TRYV(writer->write(0, std::as_bytes(std::span(text))));
  BOOST_OUTCOME_TRYV(writer->finish({}));
  return success();
}

TEST(MemoryStore, KeepsTheSpellingOfFoldersItHas) {
  const auto store = make_memory_store();
  ASSERT_OK(store->make_directory(at("Desktop"), 0));
  ASSERT_OK(write_file(*store, at("DESKTOP/a.txt"), "1"));
  EXPECT_THAT(names(*store), UnorderedElementsAre("Desktop", "Desktop/a.txt"));
  EXPECT_FAILS(store->create(at("desktop/A.TXT")), std::errc::file_exists);
  ASSERT_OK(store->replace(at("desktop/a.txt"), at("desktop/A.txt")));
  EXPECT_THAT(names(*store), UnorderedElementsAre("Desktop", "Desktop/A.txt"));
}

TEST(MemoryStore, HoldsBothSpellingsWhereCaseCounts) {
  const auto store = make_memory_store({.traits = {.atomic_replace = true, .case_sensitive = true}});
  store->put_file(at("a/x"), "1");
  store->put_file(at("A/x"), "2");
  store->put_file(at("a b"), "3");
  const auto listing = store->list(at("a"));
  ASSERT_OK(listing);
  ASSERT_EQ(listing.value().entries.size(), 1U);
  EXPECT_EQ(listing.value().entries[0].path, at("a/x"));
  ASSERT_OK(store->replace(at("a"), at("b")));
  EXPECT_THAT(names(*store), UnorderedElementsAre("A", "A/x", "a b", "b", "b/x"));
}

TEST(MemoryStore, FullDiskShowsAtReserveAndAtWrite) {
  const auto store = make_memory_store({.capacity = 10});
  const auto writer = store->create(at("a"));
  ASSERT_OK(writer);
  EXPECT_FAILS(writer.value()->reserve(11), std::errc::no_space_on_device);
  EXPECT_OK(writer.value()->reserve(10));
  EXPECT_EQ(store->space().value().available, 0U);
  EXPECT_FAILS(write_file(*store, at("b"), "1"), std::errc::no_space_on_device);
  ASSERT_OK(writer.value()->finish({}));
  EXPECT_EQ(store->space().value().available, 10U) << "what was reserved and not used comes back";
  EXPECT_OK(store->remove_file(at("b")));
  EXPECT_OK(write_file(*store, at("b"), "1234567890"));
  EXPECT_FAILS(write_file(*store, at("c"), "1"), std::errc::no_space_on_device);
}

TEST(MemoryStore, SpaceComesBackWhenTheLastReaderGoes) {
  const auto store = make_memory_store({.capacity = 4});
  store->put_file(at("a"), "1234");
  {
    const auto reader = store->open(at("a"));
    ASSERT_OK(reader);
    ASSERT_OK(store->remove_file(at("a")));
    EXPECT_EQ(store->space().value().available, 0U);
  }
  EXPECT_EQ(store->space().value().available, 4U);
}

TEST(MemoryStore, TimesAreCutToItsResolution) {
  const auto store = make_memory_store({.traits = {.time_resolution = std::chrono::seconds(2)}});
  const auto writer = store->create(at("a"));
  ASSERT_OK(writer);
  const auto entry = writer.value()->finish({.modified = FileTime{50'000'001}});
  ASSERT_OK(entry);
  EXPECT_EQ(entry.value().modified, FileTime{40'000'000});
}

TEST(MemoryStore, ContentIsACopyOfTheDisk) {
  const auto store = make_memory_store();
  store->put_file(at("a/b"), "1", FileTime{7});
  const auto copy = make_memory_store();
  copy->set_content(store->content());
  EXPECT_EQ(copy->content(), store->content());
  ASSERT_OK(store->remove_file(at("a/b")));
  EXPECT_NE(copy->content(), store->content());
}

}  // namespace
}  // namespace roamsync
