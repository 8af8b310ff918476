// Note: a reader for hostile files
//
// A pickle is a program for a machine with a stack. This machine knows the operations by which plain values and tensors are written, and of
// classes a closed list, each of which it makes by itself; it calls nothing. Every operation takes at least a byte of the file and makes at most one
// object, calls together pass on no more elements than it has bytes, and tensors are views on storages that are in the file, so that memory is
// bounded by the file's size. Values that refer to themselves
// and towers of values are refused by their depth; what is referred to often is made once.
#include <xgrad/io/pickle/reader.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/tensor/allocate.h>

namespace torch { inline namespace xgrad {

namespace {

// What stands on the stack.
struct PickledObject {
  enum class Kind : uint8_t {
    Value,   // complete: in `value`
    List,    // of `elements`; what is a tuple in Python is one with is_tuple
    Dict,    // of `elements`, key after key's value
    Global,  // a function or class: its name in `name`
    Storage  // of a tensor: in `storage`, of dtype
  };
  Kind kind = Kind::Value;
  bool is_tuple = false;
  IValue value;
  std::vector<std::shared_ptr<PickledObject>> elements;
  std::string name;
  Storage storage;
  ScalarType dtype = ScalarType::Undefined;
  bool has_attributes = false;  // an object of libtorch's, whose state is its attributes
};
using Object = std::shared_ptr<PickledObject>;
using ObjectKind = PickledObject::Kind;

class PickleReader {
 public:
  PickleReader(const io::Source& source, uint64_t begin, const io::StorageFinder& find_storage)
      : source_(source), begin_(begin), find_storage_(find_storage) {}
  ~PickleReader() {
    // One after the other: what they hold may be a tower that would end one inside the other.
    for (Object& object : all_) object->elements.clear();
  }
  PickleReader(const PickleReader&) = delete;

  io::Pickled read() {
    while (step()) {}
    XGRAD_CHECK(stack_.size() == 1 && marks_.empty(), where(), "the pickle ends with ", stack_.size(), " values");
    return {value_of(stack_.back(), 0), begin_ + at_};
  }

 private:
  std::string where() const { return detail::concatenate("[load] ", source_.name, ": byte ", at_, " of the pickle: "); }
  [[noreturn]] void refuse(const std::string& what) const { detail::raise<Error>(where(), what); }

  // ---- bytes
  // Has the next n bytes in text_, which grows as it is read: elements may follow the pickle.
  void need(size_t n) {
    if (n <= text_.size() - at_) return;
    constexpr uint64_t kPiece = uint64_t{1} << 16;
    const uint64_t have = text_.size(), left = source_.size - begin_ - have;
    if (n - (have - at_) > left) refuse("it is truncated");
    const uint64_t more = std::min(left, std::max<uint64_t>(n - (have - at_), kPiece));
    text_.resize(have + more);
    source_.read(begin_ + have, text_.data() + have, more);
  }
  std::string_view take(size_t n) {
    need(n);
    at_ += n;
    return std::string_view(text_).substr(at_ - n, n);
  }
  uint64_t number(size_t n) {
    const std::string_view bytes = take(n);
    uint64_t value = 0;
    for (size_t i = n; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }
  std::string line() {
    std::string text;
    for (char c; (c = take(1)[0]) != '\n';) text += c;
    return text;
  }

  // ---- the stack
  Object make(ObjectKind kind) {
    all_.push_back(std::make_shared<PickledObject>());
    all_.back()->kind = kind;
    return all_.back();
  }
  void push(IValue value) {
    const Object object = make(ObjectKind::Value);
    object->value = std::move(value);
    stack_.push_back(object);
  }
  void push_global(const std::string& module, const std::string& name) {
    const Object object = make(ObjectKind::Global);
    object->name = module + "." + name;
    stack_.push_back(object);
  }
  Object pop() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) refuse("it takes more from the stack than there is");
    const Object object = stack_.back();
    stack_.pop_back();
    return object;
  }
  const Object& top() const {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) refuse("it takes more from the stack than there is");
    return stack_.back();
  }
  std::vector<Object> pop_to_mark() {
    if (marks_.empty()) refuse("it asks for a mark that there is not");
    const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<Object> objects(first, stack_.end());
    stack_.erase(first, stack_.end());
    marks_.pop_back();
    return objects;
  }
  void push_tuple(std::vector<Object> elements) {
    const Object tuple = make(ObjectKind::List);
    tuple->is_tuple = true;
    tuple->elements = std::move(elements);
    stack_.push_back(tuple);
  }
  void push_last_as_tuple(size_t n) {
    std::vector<Object> elements(n);
    for (size_t i = n; i-- > 0;) elements[i] = pop();
    push_tuple(std::move(elements));
  }
  void append(std::vector<Object> elements) {
    const Object& list = top();
    if (list->kind != ObjectKind::List || list->is_tuple) refuse("it appends to what is no list");
    list->elements.insert(list->elements.end(), elements.begin(), elements.end());
  }
  void set_items(std::vector<Object> items) {
    const Object& dict = top();
    if (dict->kind != ObjectKind::Dict || items.size() % 2 != 0) refuse("it sets items of what is no dictionary");
    dict->elements.insert(dict->elements.end(), items.begin(), items.end());
  }
  void remember(uint64_t place) { memo_[place] = top(); }
  void recall(uint64_t place) {
    const auto found = memo_.find(place);
    if (found == memo_.end()) refuse("it refers to what it has not remembered");
    stack_.push_back(found->second);
  }

  // Elements are about to be copied, which a file that has them once asks for once.
  void pass_on(size_t elements) {
    passed_on_ += elements;
    if (passed_on_ > source_.size) refuse("it has calls make more than is in it");
  }

  // One operation; false at the end.
  bool step() {
    const auto operation = static_cast<unsigned char>(take(1)[0]);
    switch (operation) {
      case 0x80:
        if (number(1) > 5) refuse("it has a newer version of the format");
        return true;
      case 0x95: take(8); return true;  // a frame's length
      case '.': return false;
      case '(': marks_.push_back(stack_.size()); return true;
      case '0': pop(); return true;
      case 'N': push(IValue()); return true;
      case 0x88: push(true); return true;
      case 0x89: push(false); return true;
      case 'K': push(static_cast<int64_t>(number(1))); return true;
      case 'M': push(static_cast<int64_t>(number(2))); return true;
      case 'J': push(static_cast<int64_t>(static_cast<int32_t>(number(4)))); return true;
      case 0x8a: push(long_integer()); return true;
      case 'G': push(big_endian_double()); return true;
      case 'X': push(std::string(take(number(4)))); return true;
      case 0x8c: push(std::string(take(number(1)))); return true;
      case 'T': push(std::string(take(number(4)))); return true;  // strings of Python 2
      case 'U': push(std::string(take(number(1)))); return true;
      case ']': stack_.push_back(make(ObjectKind::List)); return true;
      case ')': push_tuple({}); return true;
      case '}': stack_.push_back(make(ObjectKind::Dict)); return true;
      case 0x85: push_last_as_tuple(1); return true;
      case 0x86: push_last_as_tuple(2); return true;
      case 0x87: push_last_as_tuple(3); return true;
      case 't': push_tuple(pop_to_mark()); return true;
      case 'a': {
        const Object element = pop();
        append({element});
        return true;
      }
      case 'e': append(pop_to_mark()); return true;
      case 's': {
        const Object value = pop(), key = pop();
        set_items({key, value});
        return true;
      }
      case 'u': set_items(pop_to_mark()); return true;
      case 'q': remember(number(1)); return true;
      case 'r': remember(number(4)); return true;
      case 0x94: remember(memo_.size()); return true;
      case 'h': recall(number(1)); return true;
      case 'j': recall(number(4)); return true;
      case 'c': {
        const std::string module = line();
        push_global(module, line());
        return true;
      }
      case 0x93: {
        const std::string name = string_of(pop());
        push_global(string_of(pop()), name);
        return true;
      }
      case 'Q': stack_.push_back(storage_of(pop())); return true;
      case 'R':
      case 0x81: {
        const Object arguments = pop(), function = pop();
        stack_.push_back(called(function, arguments));
        return true;
      }
      case 'b': build(pop()); return true;
      case 'B':
      case 'C':
      case 0x8e:
      case 0x96: refuse("it holds bytes, which are no plain value");
      case 0x8f:
      case 0x91: refuse("it holds a set, which is no plain value");
      default: refuse(detail::concatenate("the operation ", static_cast<int>(operation), " makes no plain value"));
    }
  }

  int64_t long_integer() {
    const size_t n = number(1);
    if (n > 8) refuse("an integer has more than 64 bits");
    uint64_t value = number(n);
    if (n > 0 && n < 8 && value >> (8 * n - 1) != 0) value |= ~uint64_t{0} << (8 * n);
    return static_cast<int64_t>(value);
  }
  double big_endian_double() {
    uint64_t bits = 0;
    for (const char c : take(8)) bits = bits << 8 | static_cast<unsigned char>(c);
    double value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }

  // ---- what is expected of arguments
  const std::vector<Object>& tuple_of(const Object& object, size_t least) const {
    if (object->kind != ObjectKind::List || !object->is_tuple || object->elements.size() < least)
      refuse("the arguments of a call are not what they must be");
    return object->elements;
  }
  const std::string& string_of(const Object& object) const {
    if (object->kind != ObjectKind::Value || !object->value.isString()) refuse("there is no string where one must be");
    return object->value.toStringRef();
  }
  int64_t size_of(const Object& object) const {
    if (object->kind != ObjectKind::Value || !object->value.isInt() || object->value.toInt() < 0) refuse("there is no size where one must be");
    return object->value.toInt();
  }
  bool bool_of(const Object& object) const {
    if (object->kind != ObjectKind::Value || !object->value.isBool()) refuse("there is no bool where one must be");
    return object->value.toBool();
  }

  // ('storage', torch.FloatStorage, key, device, number of elements), and in old files None or what part of another storage it is
  Object storage_of(const Object& id) {
    const std::vector<Object>& parts = tuple_of(id, 5);
    if (string_of(parts[0]) != "storage" || parts[1]->kind != ObjectKind::Global) refuse("a reference is not to a storage");
    if (parts.size() > 5 && !(parts[5]->kind == ObjectKind::Value && parts[5]->value.isNone())) refuse("a storage is a part of another one");
    const io::NamedStorage* named = nullptr;
    for (const io::NamedStorage& s : io::kStorages)
      if (parts[1]->name == std::string("torch.") + s.name) named = &s;
    if (!named) refuse(parts[1]->name + " is no storage of a dtype that there is");
    const std::string& key = string_of(parts[2]);
    const auto numel = static_cast<uint64_t>(size_of(parts[4]));
    Object& storage = storages_[key];
    if (!storage) {
      const Object found = make(ObjectKind::Storage);
      found->storage = find_storage_(key, named->dtype, numel);
      found->dtype = named->dtype;
      storage = found;
    }
    if (storage->dtype != named->dtype) refuse("a storage is used with two dtypes");
    if (numel > storage->storage.nbytes() / elementSize(named->dtype)) refuse("a storage is shorter than is claimed");
    return storage;
  }

  Dims dims_of(const Object& tuple) const {
    Dims dims;
    const std::vector<Object>& sizes = tuple_of(tuple, 0);
    if (sizes.size() > 64) refuse("a tensor has more than 64 axes");
    for (const Object& size : sizes) dims.push_back(size_of(size));
    return dims;
  }

  // (storage, offset, sizes, strides, requires_grad, hooks), in PyTorch's first releases without the last two
  IValue tensor_of(const std::vector<Object>& parts) const {
    if (parts[0]->kind != ObjectKind::Storage) refuse("a tensor has no storage");
    const Dims sizes = dims_of(parts[2]), strides = dims_of(parts[3]);
    if (sizes.size() != strides.size()) refuse("a tensor has other numbers of sizes and strides");
    const auto room = static_cast<int64_t>(parts[0]->storage.nbytes() / elementSize(parts[0]->dtype));
    const int64_t offset = size_of(parts[1]);
    int64_t last = offset, numel = 1;
    const bool is_empty = std::find(sizes.begin(), sizes.end(), 0) != sizes.end();
    bool fits = offset <= room;
    for (int i = 0; i < sizes.size() && fits && !is_empty; ++i) {
      int64_t way;
      fits = !__builtin_mul_overflow(sizes[i] - 1, strides[i], &way) && !__builtin_add_overflow(last, way, &last) &&
             !__builtin_mul_overflow(numel, sizes[i], &numel);
    }
    // What repeats its elements could be larger than any memory once it is copied.
    if (!fits || (!is_empty && (last >= room || numel > room))) refuse("a tensor reaches beyond its storage");
    Tensor tensor = tensor_on(parts[0]->storage, parts[0]->dtype, sizes, strides, offset);
    if (parts.size() > 4 && bool_of(parts[4])) {
      if (!tensor.is_floating_point()) refuse("a tensor of integers requires a gradient");
      tensor.set_requires_grad(true);
    }
    return tensor;
  }

  template <class T, class Get> IValue typed_list(const Object& list, Get get) {
    if (list->kind != ObjectKind::List) refuse("the arguments of a call are not what they must be");
    pass_on(list->elements.size());
    std::vector<T> elements;
    for (const Object& element : list->elements) {
      if (element->kind != ObjectKind::Value) refuse("a list has an element of another type");
      elements.push_back(get(element->value));
    }
    return elements;
  }

  Object called(const Object& function, const Object& arguments) {
    if (function->kind != ObjectKind::Global) refuse("it calls what is no function");
    const std::string& name = function->name;
    const auto one = [&]() -> const Object& { return tuple_of(arguments, 1)[0]; };
    const auto result = [&](IValue value) {
      const Object object = make(ObjectKind::Value);
      object->value = std::move(value);
      return object;
    };
    if (name == "collections.OrderedDict") {
      const Object dict = make(ObjectKind::Dict);
      if (tuple_of(arguments, 0).empty()) return dict;
      if (one()->kind != ObjectKind::List) refuse("the arguments of a call are not what they must be");
      pass_on(one()->elements.size());
      for (const Object& item : one()->elements) {
        if (item->kind != ObjectKind::List || item->elements.size() != 2) refuse("an item of a dictionary is no pair");
        dict->elements.insert(dict->elements.end(), item->elements.begin(), item->elements.end());
      }
      return dict;
    }
    if (name == "torch._utils._rebuild_tensor_v2") return result(tensor_of(tuple_of(arguments, 6)));
    if (name == "torch._utils._rebuild_tensor") return result(tensor_of(tuple_of(arguments, 4)));
    if (name == "torch._utils._rebuild_parameter") {
      const std::vector<Object>& parts = tuple_of(arguments, 2);
      if (parts[0]->kind != ObjectKind::Value || !parts[0]->value.isTensor()) refuse("a parameter has no tensor");
      const Tensor tensor = parts[0]->value.toTensor().detach();
      if (bool_of(parts[1]) && !tensor.is_floating_point()) refuse("a tensor of integers requires a gradient");
      return result(Tensor(tensor).set_requires_grad(bool_of(parts[1])));
    }
    if (name == "torch.Size") return one();
    if (name == "torch.jit._pickle.restore_type_tag") return one();
    if (name == "torch.jit._pickle.build_intlist") return result(typed_list<int64_t>(one(), [](const IValue& v) { return v.toInt(); }));
    if (name == "torch.jit._pickle.build_doublelist") return result(typed_list<double>(one(), [](const IValue& v) { return v.toDouble(); }));
    if (name == "torch.jit._pickle.build_boollist") return result(typed_list<bool>(one(), [](const IValue& v) { return v.toBool(); }));
    if (name == "torch.jit._pickle.build_tensorlist") return result(typed_list<Tensor>(one(), [](const IValue& v) { return v.toTensor(); }));
    if (name.compare(0, 10, "__torch__.") == 0 && tuple_of(arguments, 0).empty()) {
      const Object object = make(ObjectKind::Dict);
      object->has_attributes = true;
      return object;
    }
    refuse("it needs " + name + ", which is no plain value");
  }

  // The state of an object: attributes of an OrderedDict, such as a state dict's _metadata, say nothing of what it holds.
  void build(const Object& state) {
    const Object& object = top();
    if (object->kind != ObjectKind::Dict) refuse("it gives attributes to what has none");
    if (!object->has_attributes || state->kind != ObjectKind::Dict) return;
    pass_on(state->elements.size());
    object->elements = state->elements;
  }

  IValue value_of(const Object& object, int depth) {
    if (depth > io::kDeepestValue)
      refuse(detail::concatenate("values lie more than ", io::kDeepestValue, " deep inside one another, or in themselves"));
    if (object->kind == ObjectKind::Value) return object->value;
    if (const auto made = values_.find(object.get()); made != values_.end()) return made->second;
    if (object->kind == ObjectKind::Global) refuse("it holds " + object->name + ", which is no plain value");
    if (object->kind == ObjectKind::Storage) refuse("it holds a storage without a tensor");
    std::vector<IValue> elements;
    for (const Object& element : object->elements) elements.push_back(value_of(element, depth + 1));
    IValue value;
    if (object->kind == ObjectKind::List) {
      value = object->is_tuple ? IValue(ivalue::Tuple::create(std::move(elements))) : IValue(std::move(elements));
    } else {
      GenericDict dict;
      for (size_t i = 0; i < elements.size(); i += 2) dict.insert_or_assign(elements[i], elements[i + 1]);
      value = IValue(std::move(dict));
    }
    values_.emplace(object.get(), value);
    return value;
  }

  const io::Source& source_;
  const uint64_t begin_;
  const io::StorageFinder& find_storage_;
  std::string text_;  // as much as has been needed
  size_t at_ = 0, passed_on_ = 0;
  std::vector<Object> all_, stack_;
  std::vector<size_t> marks_;
  std::unordered_map<uint64_t, Object> memo_;
  std::map<std::string, Object> storages_;
  std::unordered_map<const PickledObject*, IValue> values_;
};

}  // namespace

io::Pickled io::read_one_pickle(const Source& source, uint64_t begin, const StorageFinder& find_storage) {
  return PickleReader(source, begin, find_storage).read();
}

}}  // namespace torch::xgrad
