// What stands between the brackets when a tensor is indexed.
//
//   using namespace xgrad::indexing;
//   x.index({Slice(1, None), "...", -1});        a view: everything but numbers keeps its axis
//   x.index({mask});  x.index({rows, columns});  a copy: elements that tensors choose
//   x.index_put_({rows, Slice()}, values);       edits x; x.index({0, Slice()}) = y does the same for views
#pragma once

#include <cstring>
#include <iosfwd>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace indexing {

enum class TensorIndexType { None, Ellipsis, Integer, Boolean, Slice, Tensor };

/// A new axis of size 1, or an end of a Slice left open.
constexpr std::nullopt_t None = std::nullopt;

struct EllipsisIndexType final {
  EllipsisIndexType() {}
};
/// As many whole axes as the other indices leave.
inline const EllipsisIndexType Ellipsis;

/// The ends of a Slice that is left open.
inline constexpr int64_t INDEX_MAX = std::numeric_limits<int64_t>::max();
inline constexpr int64_t INDEX_MIN = std::numeric_limits<int64_t>::min();

/// Positions start, start + step, ... before stop, as Python's slices: negative ends count from the back, and both are
/// brought into range. Throws ValueError for a step of 0, and indexing throws for a negative one.
struct XGRAD_API Slice final {
  Slice(std::optional<int64_t> start = std::nullopt, std::optional<int64_t> stop = std::nullopt, std::optional<int64_t> step = std::nullopt);
  int64_t start() const { return start_; }
  int64_t stop() const { return stop_; }
  int64_t step() const { return step_; }

 private:
  int64_t start_, stop_, step_;
};

/// One index: None, Ellipsis or "...", an integer, a boolean, a Slice, or a Tensor (int64 positions, which may be
/// negative; or a bool mask over as many axes as it has).
struct TensorIndex final {
  TensorIndex(std::nullopt_t) : type_(TensorIndexType::None) {}
  TensorIndex(EllipsisIndexType) : type_(TensorIndexType::Ellipsis) {}
  TensorIndex(const char* text) : type_(TensorIndexType::Ellipsis) {
    XGRAD_CHECK_AS(ValueError, std::strcmp(text, "...") == 0, "[index] Expected \"...\" to represent an ellipsis index, but got \"", text, "\"");
  }
  TensorIndex(int64_t integer) : integer_(integer), type_(TensorIndexType::Integer) {}
  TensorIndex(int integer) : TensorIndex(static_cast<int64_t>(integer)) {}
  template <class T, class = std::enable_if_t<std::is_same_v<bool, T>>> TensorIndex(T boolean) : boolean_(boolean), type_(TensorIndexType::Boolean) {}
  TensorIndex(Slice slice) : slice_(slice), type_(TensorIndexType::Slice) {}
  TensorIndex(Tensor tensor) : tensor_(std::move(tensor)), type_(TensorIndexType::Tensor) {}

  bool is_none() const { return type_ == TensorIndexType::None; }
  bool is_ellipsis() const { return type_ == TensorIndexType::Ellipsis; }
  bool is_integer() const { return type_ == TensorIndexType::Integer; }
  int64_t integer() const { return integer_; }
  bool is_boolean() const { return type_ == TensorIndexType::Boolean; }
  bool boolean() const { return boolean_; }
  bool is_slice() const { return type_ == TensorIndexType::Slice; }
  const Slice& slice() const { return slice_; }
  bool is_tensor() const { return type_ == TensorIndexType::Tensor; }
  const Tensor& tensor() const { return tensor_; }

 private:
  int64_t integer_ = 0;
  bool boolean_ = false;
  Slice slice_;
  Tensor tensor_;
  TensorIndexType type_;
};

XGRAD_API std::ostream& operator<<(std::ostream& stream, const Slice& slice);
XGRAD_API std::ostream& operator<<(std::ostream& stream, const TensorIndex& index);
XGRAD_API std::ostream& operator<<(std::ostream& stream, const std::vector<TensorIndex>& indices);

}}}  // namespace torch::xgrad::indexing

namespace torch { inline namespace xgrad {

namespace detail {
/// A list of std::optional<Tensor> as one of tensors, undefined where there is none.
template <class List> std::vector<Tensor> tensors_of(const List& list) {
  std::vector<Tensor> tensors;
  for (const std::optional<Tensor>& each : list) tensors.push_back(each.value_or(Tensor()));
  return tensors;
}
}  // namespace detail

/// self.index for a list that leaves axes whole where a tensor is undefined, as index_put.
XGRAD_API Tensor index(const Tensor& self, const std::vector<Tensor>& indices);
XGRAD_API Tensor index(const Tensor& self, std::initializer_list<std::optional<Tensor>> indices);
/// A copy of self with the elements that `indices` choose replaced by `values`, or with values added to them; what is
/// chosen several times gets all of them added, in order, or keeps the last. `values` has self's dtype and broadcasts.
XGRAD_API Tensor index_put(const Tensor& self, const std::vector<Tensor>& indices, const Tensor& values, bool accumulate = false);
XGRAD_API Tensor index_put(const Tensor& self, std::initializer_list<std::optional<Tensor>> indices, const Tensor& values, bool accumulate = false);
XGRAD_API Tensor& index_put_(const Tensor& self, const std::vector<Tensor>& indices, const Tensor& values, bool accumulate = false);
XGRAD_API Tensor& index_put_(const Tensor& self, std::initializer_list<std::optional<Tensor>> indices, const Tensor& values, bool accumulate = false);

}}  // namespace torch::xgrad
