// Plain values in PyTorch's files. Those in tests/data/pickles were written by Python and libtorch: tests/oracle/record_pickles.py and .cpp.
#include <cstring>
#include <map>
#include <random>

#include <doctest/doctest.h>
#include <io/folder.h>
#include <io/zipped.h>
#include <message.h>
#include <xgrad/io/zip/writer.h>
#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

std::string pickled_file(const char* name) { return std::string(XGRAD_TEST_DATA "/pickles/") + name; }

std::vector<char> pickled_bytes(const char* name) {
  const std::string text = bytes_of(pickled_file(name));
  REQUIRE(text.size() > 100);
  return {text.begin(), text.end()};
}

// A file of PyTorch's with this pickle and one storage of four floats.
std::vector<char> file_with(const std::string& pickle) {
  std::vector<char> bytes;
  io::ZipWriter zip(append_to(bytes));
  const float elements[] = {1, 2, 3, 4};
  zip.add("a/data/0", elements, sizeof elements);
  zip.add("a/data.pkl", pickle.data(), pickle.size());
  zip.finish();
  return bytes;
}

std::string refusal(const std::string& pickle) {
  return message_of([&] { pickle_load(file_with(pickle)); });
}

nn::Sequential net(uint64_t seed) {
  manual_seed(seed);
  const nn::Linear first(2, 3), last(3, 1);  // the first draws first
  return nn::Sequential(first, nn::BatchNorm1d(3), last);
}

void check_same(const nn::Sequential& a, const nn::Sequential& b) {
  const auto x = a->state_dict(), y = b->state_dict();
  REQUIRE(x.size() == y.size());
  for (const auto& item : x) CHECK(equal(item.value(), y[item.key()]));
}

// A text with zeros in it.
#define PICKLE(text) std::string(text, sizeof text - 1)

// A tensor on the storage of file_with.
std::string tensor_pickle(const std::string& offset, const std::string& sizes, const std::string& strides, const std::string& last = "\x89") {
  return PICKLE("\x80\2ctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0") + "0" + PICKLE("X\3\0\0\0cpuK\4tQ") +
         offset + "(" + sizes + "t(" + strides + "t" + last + "ccollections\nOrderedDict\n)RtR.";
}

}  // namespace

TEST_CASE("values that Python saved") {
  for (const char* name : {"values.pt", "legacy.pt"}) {
    const IValue file = pickle_load(pickled_bytes(name));
    REQUIRE(file.isGenericDict());
    const GenericDict& values = file.toGenericDict();
    CHECK(values.size() == 15);
    CHECK(values.at("none").isNone());
    CHECK(values.at("yes").toBool());
    CHECK_FALSE(values.at("no").toBool());
    CHECK(values.at("small").toInt() == 7);
    CHECK(values.at("word").toInt() == 70000);
    CHECK(values.at("negative").toInt() == -5);
    CHECK(values.at("large").toInt() == -(int64_t{1} << 40));
    CHECK(values.at("largest").toInt() == INT64_MAX);
    CHECK(values.at("pi").toDouble() == 3.25);
    CHECK(values.at("text").toStringRef() == "gr\u00fc\u00df");
    CHECK(values.at(5).toStringRef() == "five");
    const std::vector<IValue> list = values.at("list").toListRef();
    CHECK(list.size() == 3);
    CHECK(list[1].toStringRef() == "two");
    CHECK(list[2].toListRef()[0].toDouble() == 3.5);
    CHECK(values.at("tuple").toTupleRef().elements()[1].toTupleRef().elements()[2].toInt() == 4);
    CHECK(values.at("empty").toListRef()[2].toGenericDict().empty());
    CHECK(values.at("size").toTupleRef().elements()[1].toInt() == 3);
    CHECK(values.begin()->key().toStringRef() == "none");
    CHECK_THROWS_AS(values.at("other"), IndexError);
  }
}

TEST_CASE("tensors that Python saved") {
  for (const char* file_name : {"tensors.pt", "legacy_tensors.pt"}) {
    const IValue file = pickle_load(pickled_bytes(file_name));
    const auto get = [&](const char* name) { return file.toGenericDict().at(name).toTensor(); };
    const Tensor shared = arange(12.0).view({3, 4});
    CHECK(equal(get("transposed"), shared.t()));
    CHECK(get("transposed").strides() == IntArrayRef({1, 4}));
    CHECK(equal(get("row"), shared[1]));
    CHECK(get("row").is_alias_of(get("transposed")));
    CHECK(get("scalar").item<double>() == 2.5);
    CHECK(get("scalar").dtype() == kDouble);
    CHECK(get("nothing").sizes() == IntArrayRef({0, 3}));
    CHECK(get("half").dtype() == kHalf);
    CHECK(get("bfloat16").item<double>() == 1.5);
    CHECK(get("long").item<int64_t>() == int64_t{1} << 40);
    CHECK(get("int").dtype() == kInt);
    CHECK(get("short").item<int64_t>() == 4);
    CHECK(get("char").item<int64_t>() == -1);
    CHECK(get("byte").item<int64_t>() == 255);
    CHECK(equal(get("bool"), tensor({true, false})));
    CHECK(get("parameter").requires_grad());
    CHECK_FALSE(get("row").requires_grad());
  }
}

TEST_CASE("models that Python and libtorch saved are loaded into modules") {
  // The same seed gives the same initial weights as PyTorch's.
  const nn::Sequential expected = net(0);
  for (const char* name : {"state_dict.pt", "libtorch_module.pt", "legacy_state_dict.pt"}) {
    nn::Sequential model = net(1);
    load(model, pickled_file(name));
    check_same(model, expected);
    CHECK(model->parameters()[0].requires_grad());
  }
  // A dictionary around the state.
  serialize::InputArchive archive, part;
  archive.load_from(pickled_file("training.pt"));
  archive.read("model", part);
  nn::Sequential model = net(2);
  model->load_state_dict(part);
  check_same(model, expected);
  IValue epoch, loss;
  archive.read("epoch", epoch);
  archive.read("losses.1", loss);
  CHECK(epoch.toInt() == 3);
  CHECK(loss.toDouble() == 0.25);
  // From memory, as a map, a tensor and a list.
  const std::vector<char> bytes = pickled_bytes("state_dict.pt");
  std::map<std::string, Tensor> map;
  load(map, bytes.data(), bytes.size());
  CHECK(map.size() == expected->state_dict().size());
  Tensor t;
  load(t, pickled_file("tensor.pt"));
  CHECK(equal(t, arange(3)));
  std::vector<Tensor> list;
  load(list, pickled_file("libtorch_list.pt"));
  CHECK(list.size() == 2);
  CHECK(equal(list[0], ones({2})));
}

TEST_CASE("what is saved comes back") {
  GenericDict dict;
  dict.insert("tensor", rand({3, 4}).t());
  dict.insert("ints", std::vector<int64_t>{1, -2, INT64_MIN, INT32_MAX, int64_t{1} << 31});
  dict.insert("doubles", std::vector<double>{0.1, -0.0, INFINITY});
  dict.insert("bools", std::vector<bool>{true, false});
  dict.insert("tensors", std::vector<Tensor>{ones({2}), zeros({0}), ones({3}, kBool)});
  dict.insert("tuple", ivalue::Tuple::create({1, "two", IValue()}));
  dict.insert("list", std::vector<IValue>{2.5, true, std::vector<IValue>{}});
  dict.insert("parameter", ones({2}).requires_grad_());
  dict.insert(7, "\xf0\x9f\x94\xa5");
  const IValue back = pickle_load(pickle_save(dict));
  const GenericDict& values = back.toGenericDict();
  REQUIRE(values.size() == dict.size());
  CHECK(equal(values.at("tensor").toTensor(), dict.at("tensor").toTensor()));
  CHECK(values.at("ints").toIntVector() == dict.at("ints").toIntVector());
  CHECK(values.at("doubles").toDoubleVector() == dict.at("doubles").toDoubleVector());
  CHECK(std::signbit(values.at("doubles").toDoubleVector()[1]));
  CHECK(values.at("bools").toBoolVector() == std::vector<bool>{true, false});
  CHECK(values.at("tensors").toTensorVector()[2].dtype() == kBool);
  CHECK(values.at("tuple").toTupleRef().elements()[1].toStringRef() == "two");
  CHECK(values.at("tuple").toTupleRef().elements()[2].isNone());
  CHECK(values.at("list").toListRef()[2].toListRef().empty());
  CHECK(values.at("parameter").toTensor().requires_grad());
  CHECK(values.at(7).toStringRef() == "\xf0\x9f\x94\xa5");
  for (const IValue& alone : {IValue(), IValue(2.5), IValue("text"), IValue(int64_t{-3}), IValue(false)})
    CHECK(pickle_load(pickle_save(alone)).tagKind() == std::string(alone.tagKind()));

  for (const char* text : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"})
    CHECK_THROWS_WITH_AS(pickle_save(text), doctest::Contains("UTF-8"), Error);
  IValue tower = 1;
  for (int i = 0; i < 200; ++i) tower = std::vector<IValue>{tower};
  pickle_load(pickle_save(tower));
  CHECK_THROWS_WITH_AS(pickle_save(std::vector<IValue>{tower}), doctest::Contains("deep inside one another"), Error);
  CHECK_THROWS_AS(GenericDict().insert(IValue(ones({1})), 1), TypeError);
}

TEST_CASE("tensors on one storage are saved with it once") {
  const Tensor table = arange(1000.0).view({10, 100}), alone = arange(1000.0);
  GenericDict dict;
  dict.insert("table", table);
  dict.insert("column", table.select(1, 3));
  dict.insert("list", std::vector<Tensor>{table[4].detach(), alone[0]});
  const std::vector<char> bytes = pickle_save(dict);
  CHECK(bytes.size() > 4000);
  CHECK(bytes.size() < 6500);
  const IValue back = pickle_load(bytes);
  const Tensor read = back.toGenericDict().at("table").toTensor(), column = back.toGenericDict().at("column").toTensor();
  CHECK(equal(read, table));
  CHECK(equal(column, table.select(1, 3)));
  CHECK(column.is_alias_of(read));
  CHECK(column.strides() == IntArrayRef({100}));
  CHECK(back.toGenericDict().at("list").toTensorVector()[0].is_alias_of(read));
  CHECK_FALSE(back.toGenericDict().at("list").toTensorVector()[1].is_alias_of(read));
  // One memory seen as two types is written twice.
  GenericDict two;
  two.insert("a", ones({4}));
  two.insert("b", empty({0}, kInt).set_(two.at("a").toTensor().storage(), 0, {4}));
  const IValue apart = pickle_load(pickle_save(two));
  CHECK(equal(apart.toGenericDict().at("b").toTensor(), two.at("b").toTensor()));
  CHECK_FALSE(apart.toGenericDict().at("b").toTensor().is_alias_of(apart.toGenericDict().at("a").toTensor()));
}

TEST_CASE("a module without tensors has an empty state") { CHECK(pickle_load(pickled_bytes("no_state.pt")).toGenericDict().empty()); }

TEST_CASE("what is no plain value is refused by its name, and nothing is run") {
  for (const auto& [name, text] :
       {std::pair("module.pt", "it needs torch.nn.modules.container.Sequential, which is no plain value"),
        std::pair("counter.pt", "it needs collections.Counter, which is no plain value"),
        std::pair("bytes.pt", "it holds bytes, which are no plain value"), std::pair("set.pt", "it holds a set, which is no plain value")}) {
    const std::string message = message_of([&, file = name] { pickle_load(pickled_bytes(file)); });
    INFO(message);
    CHECK(contains(message, text));
  }
  CHECK(contains(refusal(PICKLE("\x80\2cos\nsystem\nX\4\0\0\0true\x85R.")), "it needs os.system, which is no plain value"));
  const std::string nothing = "nothing that PyTorch ever wrote";
  CHECK(contains(message_of([&] { pickle_load({nothing.begin(), nothing.end()}); }), "neither a zip file, as torch.save writes since PyTorch 1.6"));
  CHECK(contains(refusal(PICKLE("\x80\2cos\nsystem\n.")), "it holds os.system, which is no plain value"));
  CHECK(contains(refusal(PICKLE("\x80\4\x8c\2os\x8c\6system\x93\x8c\4true\x85R.")), "it needs os.system"));
  CHECK(contains(refusal(PICKLE("\x80\2c__torch__.a\nB\nK\1\x85R.")), "it needs __torch__.a.B"));
}

TEST_CASE("hostile pickles") {
  const auto refused = [](const std::string& pickle, const char* text) {
    const std::string message = refusal(pickle);
    INFO(message);
    CHECK(contains(message, text));
  };
  CHECK(pickle_load(file_with(tensor_pickle("K\1", "K\1K\2", PICKLE("K\0K\1")))).toTensor().sum().item<double>() == 5);
  refused("", "it is truncated");
  refused("N", "it is truncated");
  refused(".", "the pickle ends with 0 values");
  refused("NN.", "the pickle ends with 2 values");
  refused("N(.", "the pickle ends with 1 values");
  refused("\x85", "more from the stack than there is");
  refused("N(\x85", "more from the stack than there is");
  refused("t", "asks for a mark that there is not");
  refused("(u", "more from the stack");
  refused("N(NNu.", "sets items of what is no dictionary");
  refused("}(Nu.", "sets items of what is no dictionary");
  refused("NNa.", "appends to what is no list");
  refused(")Na.", "appends to what is no list");
  refused("h\1", "has not remembered");
  refused("\x80\x06N.", "newer version");
  refused(PICKLE("X\xff\xff\xff\xffx."), "truncated");
  refused(PICKLE("\x8a\x09\0\0\0\0\0\0\0\0\1."), "more than 64 bits");
  refused("cnowhere", "truncated");
  refused("i", "the operation 105 makes no plain value");
  refused("NQ.", "arguments of a call");
  refused("NNR.", "calls what is no function");
  refused("NNb.", "gives attributes to what has none");
  refused("]q\1h\1a.", "deep inside one another, or in themselves");
  std::string tower;
  for (int i = 0; i < 100000; ++i) tower += ']';
  refused(tower + std::string(99999, 'a') + ".", "deep inside one another");
  // 2^60 elements by name.
  std::string doubled = "Nq";
  doubled += '\0';
  for (char i = 0; i < 60; ++i) doubled += std::string("0](h") + i + "h" + i + "eq" + static_cast<char>(i + 1);
  CHECK(pickle_load(file_with(doubled + ".")).isList());
  const std::string bytes(file_with(doubled + ".").data(), file_with(doubled + ".").size());
  Tensor t;
  CHECK_THROWS_WITH_AS(load(t, bytes.data(), bytes.size()), doctest::Contains("refers to one value too often"), Error);
  // A list that is copied again and again, and one of another type.
  refused("ctorch.jit._pickle\nbuild_tensorlist\n(](Netr" + PICKLE("\0\0\0\0R."), "[IValue] Expected Tensor but got None");
  std::string calls = "](";
  for (int i = 0; i < 500; ++i) calls += "K" + std::string(1, '\1');
  calls += "eq\1";
  for (int i = 0; i < 100; ++i) calls += "0ctorch.jit._pickle\nbuild_intlist\n(h\1tR";
  refused(calls + ".", "calls make more than is in it");

  refused(tensor_pickle("K\1", "K\4", "K\1"), "reaches beyond its storage");
  refused(tensor_pickle("K\5", PICKLE("K\0"), "K\1"), "reaches beyond its storage");
  refused(tensor_pickle(PICKLE("K\0"), "J\xff\xff\xff\x7f", PICKLE("K\0")), "reaches beyond its storage");
  refused(tensor_pickle(PICKLE("K\0"), PICKLE("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f") + PICKLE("K\2"),
                        PICKLE("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f") + PICKLE("K\1")),
          "reaches beyond its storage");
  refused(tensor_pickle(PICKLE("K\0"), "J\xff\xff\xff\xff", "K\1"), "no size where one must be");
  refused(tensor_pickle(PICKLE("K\0"), "K\1", ""), "other numbers of sizes and strides");
  refused(tensor_pickle(PICKLE("K\0"), "K\1", "K\1", "K\1"), "no bool where one must be");
  refused(PICKLE("((X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0") + "0" + PICKLE("X\3\0\0\0cpuK\5tQ."), "shorter than is claimed");
  refused(PICKLE("((X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0") + "1" + PICKLE("X\3\0\0\0cpuK\4tQ."), "the record a/data/1 is missing");
  refused(PICKLE("((X\7\0\0\0storagectorch\nComplexFloatStorage\nX\1\0\0\0") + "0" + PICKLE("X\3\0\0\0cpuK\4tQ."),
          "torch.ComplexFloatStorage is no storage");
  refused(PICKLE("((X\7\0\0\0storagectorch\nBoolStorage\nX\1\0\0\0") + "0" + PICKLE("X\3\0\0\0cpuK\4tQ."), "neither 0 nor 1");
  refused(PICKLE("((X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0") + "0" + PICKLE("X\3\0\0\0cpuK\4tQ."), "the pickle ends with 1 values");
}

namespace {

// A file of PyTorch's before 1.6, of one storage of two floats.
std::string legacy_file(const std::string& numel = PICKLE("K\2"), const std::string& keys = "](X\1" + PICKLE("\0\0\0") + "0e.",
                        const std::string& elements = PICKLE("\2\0\0\0\0\0\0\0\0\0\200?\0\0\0@"), const std::string& version = "M\xe9\3") {
  const std::string reference = PICKLE("((X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0") + "0" + PICKLE("X\3\0\0\0cpu") + numel + "NtQ";
  const std::string mark("\x80\2\x8a\x0al\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15);
  return mark + "\x80\2" + version + ".\x80\2}X\x0d" + PICKLE("\0\0\0") + "little_endian\x88s.\x80\2ctorch._utils\n_rebuild_tensor_v2\n" + reference +
         PICKLE(
             "K\0(K\2t(K\1t\x89"
             "ccollections\nOrderedDict\n)RtR.") +
         "\x80\2" + keys + elements;
}

std::string legacy_refusal(const std::string& bytes) {
  return message_of([&] { pickle_load({bytes.begin(), bytes.end()}); });
}

}  // namespace

TEST_CASE("hostile files of PyTorch's before 1.6 are refused by name") {
  const std::string good = legacy_file();
  CHECK(equal(pickle_load({good.begin(), good.end()}).toTensor(), tensor({1.0f, 2.0f})));
  const auto refused = [](const std::string& bytes, const char* text) {
    const std::string message = legacy_refusal(bytes);
    INFO(message);
    CHECK(contains(message, text));
  };
  const std::string two = PICKLE("K\2"), keys = "](X\1" + PICKLE("\0\0\0") + "0e.", elements(good.end() - 16, good.end());
  refused(good + "x", "1 bytes follow the last storage");
  refused(good.substr(0, good.size() - 1), "storage 0: the file is truncated");
  refused(good.substr(0, good.size() - 10), "storage 0: the file is truncated");
  refused(legacy_file(PICKLE("K\3")), "storage 0: it has 2 elements where 3 are claimed");
  refused(legacy_file("J\xff\xff\xff\x7f"), "storage 0: 2147483647 elements are claimed, more than the file can hold");
  refused(legacy_file(PICKLE("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f")), "more than the file can hold");
  refused(legacy_file(two, "].", ""), "storage 0 is missing");
  refused(legacy_file(two, "N."), "the keys of its storages are no list");
  refused(legacy_file(two, "](K\1e."), "Expected String but got Int");
  refused(legacy_file(two, "](X\1" + PICKLE("\0\0\0") + "1e."), "storage 1 is not needed, or stands in the file twice");
  refused(legacy_file(two, "](" + keys.substr(2, 6) + keys.substr(2, 6) + "e.", elements + elements),
          "storage 0 is not needed, or stands in the file twice");
  refused(legacy_file(two, keys, elements, "K\1"), "an unknown version of PyTorch's old format");
  std::string big = good;
  big.replace(big.find("little_endian") + 13, 1, "\x89");
  refused(big, "its numbers have the high byte first");
  // The keys need no storage: what asks for one there is refused.
  refused(
      legacy_file(two, "(X\7" + PICKLE("\0\0\0") + "storagectorch\nFloatStorage\nX\1" + PICKLE("\0\0\0") + "0X\3" + PICKLE("\0\0\0") + "cpuK\2tQ."),
      "a storage 0 where there is none");
}

TEST_CASE("every prefix, flipped bit and many damaged copies of PyTorch's files are refused, or read as values of no more memory") {
  std::mt19937 bits(0);
  size_t refused = 0, read = 0;
  const auto try_bytes = [&](const std::vector<char>& bytes) {
    try {
      pickle_load(bytes);
      ++read;
    } catch (const Error&) {
      ++refused;
    }
  };
  for (const char* name : {"values.pt", "tensors.pt", "libtorch_list.pt", "legacy.pt", "legacy_tensors.pt"}) {
    const std::vector<char> whole = pickled_bytes(name);
    const size_t before = read;
    for (size_t n = 0; n < whole.size(); ++n) try_bytes({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)});
    CHECK(read == before);
    std::vector<char> flipped = whole;
    for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      try_bytes(flipped);
      flipped[bit / 8] = whole[bit / 8];
    }
    for (int i = 0; i < 3000; ++i) {
      std::vector<char> bytes = whole;
      for (int k = 0; k <= i % 3; ++k) bytes[bits() % bytes.size()] = static_cast<char>(bits());
      try_bytes(bytes);
    }
  }
  CHECK(refused > 3000);
  MESSAGE(refused, " damaged files were refused, ", read, " read");

  // The same without the checksums: random programs.
  const std::string operations = "(N\x88\x89KMJGX]})\x85\x86\x87taesuqhcQRb0.0)]}N((tt";
  const std::string real = tensor_pickle(PICKLE("K\0"), "K\4", "K\1");
  size_t values = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string pickle = i % 2 ? real : "";
    if (i % 2)
      for (int k = 0; k < 3; ++k) pickle[bits() % pickle.size()] = static_cast<char>(i % 4 == 1 ? bits() : operations[bits() % operations.size()]);
    else
      for (size_t n = bits() % 30; n > 0; --n) pickle += operations[bits() % operations.size()];
    try {
      pickle_load(file_with(pickle + "."));
      ++values;
    } catch (const Error&) {}
  }
  CHECK(values > 10);
}
