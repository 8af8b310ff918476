// Padded sequences packed, and the way back.
#include <algorithm>

#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/ops/recurrent/recurrent.h>

namespace torch { inline namespace xgrad {

namespace {

// For the rows of packed sequences, where they are among the rows of padded ones [steps, batch], or [batch, steps].
Tensor padded_rows(const int64_t* batch_sizes, int64_t packed_steps, int64_t rows, int64_t steps, int64_t batch, bool batch_first) {
  Tensor places = empty({rows}, kLong);
  auto* next = static_cast<int64_t*>(places.data_ptr());
  for (int64_t t = 0; t < packed_steps; ++t)
    for (int64_t i = 0; i < batch_sizes[t]; ++i) *next++ = batch_first ? i * steps + t : t * batch + i;
  return places;
}

// The same tensor with its first two axes as one.
Tensor as_rows(const Tensor& t) {
  std::vector<int64_t> sizes{t.size(0) * t.size(1)};
  for (int64_t axis = 2; axis < t.dim(); ++axis) sizes.push_back(t.size(axis));
  return t.reshape(sizes);
}

}  // namespace

std::tuple<Tensor, Tensor> _pack_padded_sequence(const Tensor& input, const Tensor& lengths, bool batch_first) {
  const Operation& op = operation<"_pack_padded_sequence">;
  XGRAD_CHECK(lengths.scalar_type() == kLong && lengths.dim() == 1, op, "'lengths' argument should be a 1D CPU int64 tensor, but got ", lengths.dim(),
              "D cpu ", lengths.dtype(), " tensor");
  const int64_t steps = input.size(batch_first ? 1 : 0), batch = input.size(batch_first ? 0 : 1);
  XGRAD_CHECK(input.numel() > 0, op, "Cannot pack empty tensors., got an input of shape ", input.sizes());
  XGRAD_CHECK(lengths.numel() == batch, op, "Expected `len(lengths)` to be equal to batch_size, but got ", lengths.numel(), " (batch_size=", batch,
              ")");
  const Tensor ordered = lengths.contiguous();
  const auto* of = static_cast<const int64_t*>(ordered.data_ptr());
  int64_t rows = 0;
  for (int64_t i = 0; i < batch; ++i) {
    XGRAD_CHECK(of[i] > 0, op, "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0, got ", of[i]);
    XGRAD_CHECK(i == 0 || of[i] <= of[i - 1], op,
                "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass `enforce_sorted=False` to "
                "pack_padded_sequence and/or pack_sequence, got ",
                of[i], " after ", of[i - 1]);
    XGRAD_CHECK(of[i] <= steps, op, "lengths must not be longer than the data, got ", of[i], " for an input of shape ", input.sizes());
    rows += of[i];
  }
  const Tensor batch_sizes = (ordered > arange(of[0]).unsqueeze(1)).sum(1);
  const auto* const sizes = static_cast<const int64_t*>(batch_sizes.data_ptr());
  return {as_rows(input).index_select(0, padded_rows(sizes, of[0], rows, steps, batch, batch_first)), batch_sizes};
}

std::tuple<Tensor, Tensor> _pad_packed_sequence(const Tensor& data, const Tensor& batch_sizes, bool batch_first, const Scalar& padding_value,
                                                int64_t total_length) {
  const Operation& op = operation<"_pad_packed_sequence">;
  XGRAD_CHECK(batch_sizes.scalar_type() == kLong && batch_sizes.dim() == 1 && batch_sizes.numel() > 0, op,
              "batch_sizes must be int64, 1-D and not empty, got ", batch_sizes);
  const Tensor ordered = batch_sizes.contiguous();
  const auto* const sizes = static_cast<const int64_t*>(ordered.data_ptr());
  const int64_t longest = ordered.numel(), batch = sizes[0], steps = total_length > 0 ? total_length : longest;
  XGRAD_CHECK(steps >= longest, op,
              "Expected total_length to be at least the length of the longest sequence in input, but got total_length=", total_length,
              " and max sequence length being ", longest);
  const Tensor lengths = (ordered.unsqueeze(1) > arange(batch)).sum(0);
  int64_t rows = 0;
  for (int64_t t = 0; t < longest; ++t) {
    XGRAD_CHECK(sizes[t] > 0 && sizes[t] <= (t == 0 ? batch : sizes[t - 1]), op, "batch_sizes must be positive and not grow, got ", sizes[t],
                " at step ", t);
    rows += sizes[t];
  }
  XGRAD_CHECK(data.dim() > 0 && data.size(0) == rows, op, "batch_sizes add up to ", rows, ", got data of shape ", data.sizes());
  std::vector<int64_t> shape = data.sizes().vec();
  shape[0] = steps * batch;
  const Tensor padded = full(shape, padding_value, data.options()).index_copy(0, padded_rows(sizes, longest, rows, steps, batch, false), data);
  shape[0] = steps;
  shape.insert(shape.begin() + 1, batch);
  const Tensor y = padded.view(shape);
  return {batch_first ? y.transpose(0, 1) : y, lengths};
}

Tensor pad_sequence(TensorList sequences, bool batch_first, double padding_value) {
  const Operation& op = operation<"pad_sequence">;
  XGRAD_CHECK(!sequences.empty(), op, "received an empty list of sequences");
  const Tensor& front = sequences[0];
  int64_t longest = 0;
  for (const Tensor& t : sequences) {
    longest = std::max(longest, t.size(0));
    XGRAD_CHECK(t.dim() == front.dim() && t.sizes().slice(1) == front.sizes().slice(1), op,
                "The size of tensor a must match the size of tensor b at non-singleton dimension: axes after the first must agree, got ",
                front.sizes(), " and ", t.sizes());
  }
  std::vector<Tensor> padded;
  for (const Tensor& t : sequences) {
    std::vector<int64_t> missing(static_cast<size_t>(2 * t.dim()), 0);
    missing.back() = longest - t.size(0);
    padded.push_back(constant_pad_nd(t.to(front.dtype()), missing, padding_value));
  }
  return stack(padded, batch_first ? 0 : 1);
}

}}  // namespace torch::xgrad
