// What torch::save writes and torch::load reads: named tensors, values and further archives.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <xgrad/autograd/core/device.h>
#include <xgrad/autograd/engine/ivalue.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {
namespace io {
class LayoutReader;
struct Source;
}  // namespace io
namespace serialize {

struct ArchiveNode;
class InputArchive;

/// Collects what shall be saved. Tensors are held, not copied, until save_to. Every write throws when the key is empty,
/// contains a dot or has been written before.
///
/// A file is safetensors: an 8-byte length, a JSON header, the elements; nested keys are joined by dots, as in the state
/// dicts that Python programs save. Checksums of the header and of every tensor stand in the header's metadata.
class XGRAD_API OutputArchive final {
 public:
  OutputArchive();
  OutputArchive(OutputArchive&&) noexcept;
  OutputArchive& operator=(OutputArchive&&) noexcept;
  OutputArchive(const OutputArchive&) = delete;
  OutputArchive& operator=(const OutputArchive&) = delete;
  ~OutputArchive();

  /// A tensor, which may be undefined. `is_buffer`: it is saved but not trained.
  void write(const std::string& key, const Tensor& tensor, bool is_buffer = false);
  /// A tensor, a bool, a number, a string, a list of bools or numbers, or nothing.
  void write(const std::string& key, const IValue& value);
  /// All that `nested` holds now; what is written to it later stays its own.
  void write(const std::string& key, const OutputArchive& nested);
  /// A tensor in an archive further down: `path` is keys joined by dots, as parameters are named. Archives on the way are made.
  void write_at(const std::string& path, const Tensor& tensor, bool is_buffer = false);
  template <class... Args> void operator()(Args&&... args) { write(std::forward<Args>(args)...); }

  /// The same with copies of all tensors.
  OutputArchive clone() const;

  /// Replaces the file at `filename` as one step: a reader, and a crash at any time, finds the old file or the new one.
  /// Throws, naming the file and the reason, and then leaves the old file and no other behind.
  void save_to(const std::string& filename) const;
  /// Throws when the stream fails.
  void save_to(std::ostream& stream) const;
  /// `write(data, n)` returns how many of the n bytes it took; throws when that is less than n.
  void save_to(const std::function<size_t(const void*, size_t)>& write) const;

 private:
  friend class InputArchive;

  // The node to write `key` to; throws unless it may be.
  ArchiveNode& writable(const std::string& key);

  std::shared_ptr<ArchiveNode> node_;  // shared with archives that this one was written to, until it is written to again
};

/// What a file holds. A default-constructed archive is empty; copies are made by reading it as a nested archive. Several threads may read
/// one archive, nested ones included.
class XGRAD_API InputArchive final {
 public:
  InputArchive();
  /// What `saved` holds, as if it had been saved and loaded, but its tensors are copied only when they are read.
  explicit InputArchive(const OutputArchive& saved);
  InputArchive(InputArchive&&) noexcept;
  InputArchive& operator=(InputArchive&&) noexcept;
  InputArchive(const InputArchive&) = delete;
  InputArchive& operator=(const InputArchive&) = delete;
  ~InputArchive();

  /// False, and nothing changed, when there is no such tensor. A defined `tensor` shows the read one from now on, whatever
  /// its shape and dtype were, and keeps its requires_grad; an undefined one becomes the read one. What was saved undefined
  /// makes `tensor` undefined. What is read is the caller's own. Keys may be paths, joined by dots.
  bool try_read(const std::string& key, Tensor& tensor, bool is_buffer = false) const;
  bool try_read(const std::string& key, IValue& value) const;
  bool try_read(const std::string& key, InputArchive& archive) const;
  /// The same, but throws, naming the key and the file, where try_read is false.
  void read(const std::string& key, Tensor& tensor, bool is_buffer = false) const;
  void read(const std::string& key, IValue& value) const;
  void read(const std::string& key, InputArchive& archive) const;
  template <class... Args> void operator()(Args&&... args) { read(std::forward<Args>(args)...); }

  /// The keys of tensors, values and archives here, in alphabetical order.
  std::vector<std::string> keys() const;
  /// The paths below here, keys joined by dots, of all tensors and values; and of those that nobody has read since the file was loaded.
  std::vector<std::string> paths() const;
  std::vector<std::string> unread() const;
  /// What lies at a path below here, without reading it: "Float[3, 2]", "Int", "archive", "nothing".
  std::string describe(const std::string& path) const;

  /// Reads a whole file, stream (to its end) or block of memory: what save_to writes, any safetensors file, what np.savez wrote, or what torch.save
  /// or libtorch's save wrote, of which dictionaries and lists of plain values and tensors become archives: a state dict is read as a module's own
  /// file is. A tensor of a safetensors file whose dtype no tensor here has is refused when it is read. Throws, naming the file, the
  /// key and what is wrong, when it is not an archive or any byte of it is missing or damaged; this archive is then unchanged. Memory is taken
  /// for what is there, not for what a header claims; a file stays open as long as archives of it live. `device`: the CPU.
  void load_from(const std::string& filename, std::optional<Device> device = std::nullopt);
  void load_from(std::istream& stream, std::optional<Device> device = std::nullopt);
  void load_from(const char* data, size_t size, std::optional<Device> device = std::nullopt);
  /// `read(position, buffer, n)` returns how many bytes it copied to the buffer; `size()` is the size of the whole.
  void load_from(const std::function<size_t(uint64_t, void*, size_t)>& read, const std::function<size_t()>& size,
                 std::optional<Device> device = std::nullopt);

 private:
  [[noreturn]] void refuse(const char* what, const std::string& key) const;
  void set(const std::string& name, std::shared_ptr<const ArchiveNode> root, std::shared_ptr<const io::LayoutReader> file);
  void load(io::Source source);

  struct Contents;
  std::shared_ptr<const Contents> contents_;
  const ArchiveNode* node_;  // of the contents
};

}  // namespace serialize
}}  // namespace torch::xgrad
