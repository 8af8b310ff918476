// All that a training run needs to go on where it was, in one file.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/io/serialize.h>

namespace torch { inline namespace xgrad { namespace serialize {

/// Named parts that are saved together and loaded together: models, optimizers, schedules, loaders, generators, tensors and plain values.
///
///     torch::serialize::Checkpoint checkpoint;
///     checkpoint.add("model", model).add("optimizer", optimizer).add("epoch", epoch);
///     checkpoint.load("run.safetensors");  // false at the first start
///     for (; epoch < 100; ++epoch) {
///       ...
///       checkpoint.save("run.safetensors");
///     }
///
/// The file is an archive with one key a part, which is readable alone: InputArchive::read("model", archive).
class XGRAD_API Checkpoint {
 public:
  /// With the default generator, which draws dropout masks and shuffles, under "default_generator", unless that is declined.
  explicit Checkpoint(bool with_default_generator = true);

  /// `part` is an integer, floating-point number, bool, std::string or vector of int64_t, double or bool; a tensor; or anything that has
  /// operators << and >> on archives or `void save(OutputArchive&) const` and `void load(InputArchive&)`. It is looked at when the
  /// checkpoint is saved and loaded, and so must live and stay in its place until then. Throws when the name is empty, contains a
  /// dot, begins with "checkpoint" or has been taken.
  template <class T> Checkpoint& add(const std::string& name, T& part) {
    static_assert(!std::is_const_v<T>, "a part is loaded too");
    if constexpr (is_value<T>) {
      return add_part(
          name, [&part](OutputArchive& archive, const std::string& key) { archive.write(key, stored(part)); },
          [&part](const InputArchive& archive, const std::string& key) {
            IValue value;
            archive.read(key, value);
            restore(part, value, key);
          });
    } else if constexpr (std::is_same_v<T, Tensor>) {
      return add_part(
          name, [&part](OutputArchive& archive, const std::string& key) { archive.write(key, part); },
          [&part](const InputArchive& archive, const std::string& key) { archive.read(key, part); });
    } else {
      return add_part(
          name,
          [&part](OutputArchive& archive, const std::string& key) {
            OutputArchive inner;
            inner << std::as_const(part);
            archive.write(key, inner);
          },
          [&part](const InputArchive& archive, const std::string& key) {
            InputArchive inner;
            archive.read(key, inner);
            inner >> part;
          });
    }
  }

  /// Replaces the file at `path` as one step, as OutputArchive::save_to does.
  void save(const std::string& path) const;
  /// False, and nothing changed, when there is no file at `path`. Throws what is wrong with the file or a part of it, with the file's
  /// and the part's name; all parts are then as they were, unless there is no memory left to put them back. With `strict`, the
  /// file must have all parts and nothing that no part reads; without it, parts that the file lacks stay as they are.
  bool load(const std::string& path, bool strict = true);
  /// To and from an archive, and so with torch::save and torch::load a stream or a block of memory.
  void save(OutputArchive& archive) const;
  void load(const InputArchive& archive, bool strict = true);

 private:
  using Write = std::function<void(OutputArchive&, const std::string&)>;
  using Read = std::function<void(const InputArchive&, const std::string&)>;
  struct Part {
    std::string name;
    Write write;
    Read read;
  };

  template <class T>
  static constexpr bool is_value = std::is_arithmetic_v<T> || std::is_same_v<T, std::string> || std::is_same_v<T, std::vector<int64_t>> ||
                                   std::is_same_v<T, std::vector<double>> || std::is_same_v<T, std::vector<bool>>;

  template <class T> static IValue stored(const T& value) {
    // Beyond int64_t there are no integers in files: these are kept by their bits.
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) return IValue(static_cast<int64_t>(value));
    else return IValue(value);
  }
  template <class T> static void restore(T& part, const IValue& value, const std::string& name) {
    T read = value.to<T>();
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
      if (static_cast<int64_t>(read) != value.toInt()) refuse_integer(name, value.toInt());
    part = std::move(read);
  }
  [[noreturn]] static void refuse_integer(const std::string& name, int64_t value);

  Checkpoint& add_part(const std::string& name, Write write, Read read);
  void check_parts(const InputArchive& archive, bool strict) const;
  void read_parts(const InputArchive& archive, bool strict) const;
  void put_back(const InputArchive& archive) const noexcept;

  std::vector<Part> parts_;
};

}}}  // namespace torch::xgrad::serialize
