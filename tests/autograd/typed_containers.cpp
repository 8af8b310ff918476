// Lists and dictionaries of one type, and what an IValue holds of them. compat/programs/typed_containers.cpp compares them with libtorch's.
#include <doctest/doctest.h>

#include <xgrad/autograd/engine/ivalue.h>
#include <xgrad/autograd/ops/ops.h>

using namespace xgrad;

TEST_CASE("an IValue keeps a list and a dictionary as they were when it was made") {
  const List<int64_t> list({1, 2});
  const Dict<std::string, double> dict;
  dict.insert("a", 0.5);
  const IValue kept_list = list, kept_dict = dict;
  list.push_back(3);
  dict.insert_or_assign("a", 1.5);
  CHECK(kept_list.toIntVector() == std::vector<int64_t>{1, 2});
  CHECK(kept_dict.toGenericDict().at("a").toDouble() == 0.5);
  kept_list.toIntList().push_back(4);
  CHECK(kept_list.toIntList().size() == 2);
}

TEST_CASE("containers of one type refuse what is of another, and places that they don't have") {
  const IValue words(std::vector<IValue>{IValue("a"), IValue("b")}), numbers(std::vector<double>{1, 2});
  CHECK(words.to<List<std::string>>().get(1) == "b");
  CHECK_THROWS_AS(words.to<List<int64_t>>(), TypeError);
  CHECK_THROWS_AS(IValue(3).toList(), TypeError);
  CHECK_THROWS_AS(numbers.toIntList(), TypeError);
  CHECK_THROWS_AS((numbers.to<Dict<std::string, double>>()), TypeError);
  CHECK_THROWS_AS(List<double>().pop_back(), IndexError);
  CHECK_THROWS_AS(List<double>({1}).set(1, 2), IndexError);
  const Dict<std::string, IValue> dict;
  dict.insert("n", IValue(1));
  CHECK_THROWS_AS(dict.at("m"), IndexError);
  CHECK_THROWS_AS((Dict<std::string, double>(IValue(dict)).at("n")), TypeError);
}

TEST_CASE("items leave a dictionary by their keys, and the others keep their order") {
  GenericDict dict;
  for (int64_t i = 0; i < 6; ++i) dict.insert(i, 10 * i);
  CHECK(dict.erase(2) == 1);
  CHECK(dict.erase(2) == 0);
  CHECK(dict.erase(0) == 1);
  std::vector<int64_t> keys;
  for (const GenericDict::Item& item : dict) keys.push_back(item.key().toInt());
  CHECK(keys == std::vector<int64_t>{1, 3, 4, 5});
  for (const int64_t key : keys) CHECK(dict.at(key).toInt() == 10 * key);
  CHECK(dict.find(4)->value().toInt() == 40);
  CHECK(dict.find(2) == dict.end());
  dict.insert(2, 0);
  CHECK((dict.end() - 1)->key().toInt() == 2);
  dict.clear();
  CHECK(dict.empty());
  CHECK(dict.find(1) == dict.end());
  CHECK(dict.insert(1, 1));
}
