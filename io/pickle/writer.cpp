// Writes pickles of protocol 2, as documented in Python's pickletools, by the few operations that plain values need.
#include <climits>
#include <cstring>
#include <map>

#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/io/pickle/pickle.h>
#include <xgrad/io/pickle/storages.h>
#include <xgrad/io/utf8.h>
#include <xgrad/io/zip/writer.h>

namespace torch { inline namespace xgrad {

namespace {

class PickleWriter {
 public:
  explicit PickleWriter(io::ZipWriter& file) : file_(file) { text_ = "\x80\x02"; }

  void finish(const IValue& value) {
    count_users(value, 0);
    write(value, 0);
    text_ += '.';
    file_.add("archive/data.pkl", text_.data(), text_.size());
    file_.add("archive/version", "3\n", 2);
  }

 private:
  // Which storages several tensors are on.
  void count_users(const IValue& value, int depth) {
    if (depth > io::kDeepestValue) return;  // write() refuses it
    if (value.isTensor()) count_user(value.toTensor());
    else if (value.isTensorList())
      for (const Tensor& t : value.toTensorVector()) count_user(t);
    else if (value.isTuple())
      for (const IValue& element : value.toTupleRef().elements()) count_users(element, depth + 1);
    else if (value.isGenericDict())
      for (const GenericDict::Item& item : value.toGenericDict()) count_users(item.value(), depth + 1);
    else if (value.isList() && !(value.isIntList() || value.isDoubleList() || value.isBoolList()))
      for (const IValue& element : value.toListRef()) count_users(element, depth + 1);
  }
  void count_user(const Tensor& tensor) {
    if (!tensor.defined() || tensor.is_sparse()) return;
    Users& users = users_.emplace(tensor.storage().get(), Users{0, tensor.dtype()}).first->second;
    // What is seen as two dtypes cannot be one storage of PyTorch's files.
    users.number = users.dtype == tensor.dtype() ? users.number + 1 : INT_MIN;
  }

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
    XGRAD_CHECK(io::is_utf8(value), "[pickle_save] strings must be UTF-8");
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
    const bool is_shared = users_.at(tensor.storage().get()).number > 1;
    const Tensor elements = is_shared ? tensor.detach() : contiguous_as(tensor.detach(), tensor.dtype());
    const Storage& storage = elements.storage();
    const void* const data = is_shared ? storage.data() : elements.data_ptr();
    const size_t bytes = is_shared ? storage.nbytes() / elements.element_size() * elements.element_size() : elements.nbytes();
    const auto [record, is_new] =
        records_.emplace(is_shared ? static_cast<const void*>(storage.get()) : tensor.unsafeGetTensorImpl(), std::to_string(records_.size()));
    if (is_new) file_.add("archive/data/" + record->second, data, bytes);
    global("torch._utils", "_rebuild_tensor_v2");
    text_ += "((";
    write(std::string("storage"));
    for (const io::NamedStorage& named : io::kStorages)
      if (named.dtype == elements.dtype()) global("torch", named.name);
    write(record->second);
    write(std::string("cpu"));
    write(static_cast<int64_t>(bytes / elements.element_size()));
    text_ += "tQ";
    write(is_shared ? elements.storage_offset() : int64_t{0});
    write(elements.sizes());
    write(elements.strides());
    write(tensor.requires_grad());
    global("collections", "OrderedDict");
    text_ += ")RtR";
  }

  struct Users {
    int number;
    ScalarType dtype;
  };

  io::ZipWriter& file_;
  std::string text_;
  std::map<const StorageImpl*, Users> users_;
  std::map<const void*, std::string> records_;
};

}  // namespace

void io::write_pickle(const IValue& value, const Sink& sink) {
  ZipWriter file(sink);
  PickleWriter(file).finish(value);
  file.finish();
}

std::vector<char> pickle_save(const IValue& value) {
  std::vector<char> bytes;
  io::write_pickle(value, [&](const void* data, size_t size) {
    bytes.insert(bytes.end(), static_cast<const char*>(data), static_cast<const char*>(data) + size);
  });
  return bytes;
}

}}  // namespace torch::xgrad
