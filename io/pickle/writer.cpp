// Writes pickles of protocol 2, as documented in Python's pickletools, by the few operations that plain values need.
#include <cstring>
#include <map>

#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/io/pickle/pickle.h>
#include <xgrad/io/pickle/storages.h>
#include <xgrad/io/pickle/zip.h>

namespace torch { inline namespace xgrad {

namespace {

bool is_utf8(const std::string& text) {
  for (size_t i = 0; i < text.size();) {
    const auto byte = [&](size_t k) { return static_cast<unsigned char>(text[k]); };
    const unsigned char first = byte(i++);
    if (first < 0x80) continue;
    const size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || text.size() - i < more) return false;
    uint32_t point = first & (0x3fu >> more);
    for (size_t k = 0; k < more; ++k, ++i) {
      if ((byte(i) & 0xc0) != 0x80) return false;
      point = point << 6 | (byte(i) & 0x3fu);
    }
    constexpr uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
    if (point < kLeast[more] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return false;
  }
  return true;
}

class PickleWriter {
 public:
  explicit PickleWriter(io::ZipWriter& file) : file_(file) { text_ = "\x80\x02"; }

  void finish(const IValue& value) {
    write(value, 0);
    text_ += '.';
    file_.add("archive/data.pkl", text_.data(), text_.size());
    file_.add("archive/version", "3\n", 2);
  }

 private:
  void write(const IValue& value, int depth) {
    XGRAD_CHECK(depth <= io::kDeepestValue, "[pickle_save] values lie more than ", io::kDeepestValue, " deep inside one another");
    if (value.isNone()) text_ += 'N';
    else if (value.isTensor()) write(value.toTensor());
    else if (value.isBool()) write(value.toBool());
    else if (value.isInt()) write(value.toInt());
    else if (value.isDouble()) write(value.toDouble());
    else if (value.isString()) write(value.toStringRef());
    else if (value.isIntList()) list("build_intlist", value.toIntVector());
    else if (value.isDoubleList()) list("build_doublelist", value.toDoubleVector());
    else if (value.isBoolList()) list("build_boollist", value.toBoolVector());
    else if (value.isTensorList()) list("build_tensorlist", value.toTensorVector());
    else if (value.isTuple()) {
      text_ += '(';
      for (const IValue& element : value.toTupleRef().elements()) write(element, depth + 1);
      text_ += 't';
    } else if (value.isList()) {
      text_ += "](";
      for (const IValue& element : value.toListRef()) write(element, depth + 1);
      text_ += 'e';
    } else {
      text_ += "}(";
      for (const GenericDict::Item& item : value.toGenericDict()) {
        write(item.key(), depth + 1);
        write(item.value(), depth + 1);
      }
      text_ += 'u';
    }
  }

  // A list whose type libtorch is told.
  template <class T> void list(const char* builder, const std::vector<T>& elements) {
    global("torch.jit._pickle", builder);
    text_ += "(](";
    for (const auto& element : elements) write(static_cast<const T&>(element));
    text_ += "etR";
  }

  void write(bool value) { text_ += value ? '\x88' : '\x89'; }
  void write(double value) {
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    text_ += 'G';
    for (int i = 7; i >= 0; --i) text_ += static_cast<char>(bits >> (8 * i));
  }
  void write(int64_t value) {
    const bool is_short = value == static_cast<int32_t>(value);
    text_ += is_short ? "J" : "\x8a\x08";
    for (int i = 0; i < (is_short ? 4 : 8); ++i) text_ += static_cast<char>(static_cast<uint64_t>(value) >> (8 * i));
  }
  void write(const std::string& value) {
    XGRAD_CHECK(is_utf8(value), "[pickle_save] strings must be UTF-8");
    XGRAD_CHECK(value.size() <= UINT32_MAX, "[pickle_save] a string must be smaller than 4 GB");
    text_ += 'X';
    for (int i = 0; i < 4; ++i) text_ += static_cast<char>(value.size() >> (8 * i));
    text_ += value;
  }
  void write(IntArrayRef numbers) {
    text_ += '(';
    for (const int64_t n : numbers) write(n);
    text_ += 't';
  }
  void global(const char* module, const std::string& name) { text_ += std::string("c") + module + "\n" + name + "\n"; }

  void write(const Tensor& tensor) {
    if (!tensor.defined()) {
      text_ += 'N';
      return;
    }
    XGRAD_CHECK(!tensor.is_sparse(), "[pickle_save] sparse tensors cannot be saved");
    const Tensor elements = contiguous_as(tensor.detach(), tensor.dtype());
    const auto [record, is_new] = records_.emplace(tensor.unsafeGetTensorImpl(), std::to_string(records_.size()));
    if (is_new) file_.add("archive/data/" + record->second, elements.data_ptr(), elements.nbytes());
    global("torch._utils", "_rebuild_tensor_v2");
    text_ += "((";
    write(std::string("storage"));
    for (const io::NamedStorage& storage : io::kStorages)
      if (storage.dtype == elements.dtype()) global("torch", storage.name);
    write(record->second);
    write(std::string("cpu"));
    write(elements.numel());
    text_ += "tQ";
    write(int64_t{0});
    write(elements.sizes());
    write(elements.strides());
    write(tensor.requires_grad());
    global("collections", "OrderedDict");
    text_ += ")RtR";
  }

  io::ZipWriter& file_;
  std::string text_;
  std::map<const void*, std::string> records_;
};

}  // namespace

std::vector<char> pickle_save(const IValue& value) {
  std::vector<char> bytes;
  io::ZipWriter file(bytes);
  PickleWriter(file).finish(value);
  file.finish();
  return bytes;
}

}}  // namespace torch::xgrad
