// Batches of sequences of different lengths: packed, so that no step computes what is padding.
#pragma once

#include <optional>
#include <tuple>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace nn { namespace utils { namespace rnn {

/// The permutation that undoes `permutation`; undefined for an undefined one.
XGRAD_API Tensor invert_permutation(const Tensor& permutation);

/// The rows of all sequences: those of the first step, of the second, ..., the longest sequence first in each. Made by
/// pack_padded_sequence() and pack_sequence(); recurrent layers take and give it.
class XGRAD_API PackedSequence {
 public:
  explicit PackedSequence(Tensor data, Tensor batch_sizes, Tensor sorted_indices = {}, Tensor unsorted_indices = {});

  /// [rows, ...]
  const Tensor& data() const { return data_; }
  /// int64 [steps]: how many sequences are longer than that.
  const Tensor& batch_sizes() const { return batch_sizes_; }
  /// Which sequence of the batch comes first, second, ...; undefined if they came sorted.
  const Tensor& sorted_indices() const { return sorted_indices_; }
  /// The way back.
  const Tensor& unsorted_indices() const { return unsorted_indices_; }

  /// The same with converted data; itself if nothing changes.
  PackedSequence to(const TensorOptions& options) const;
  PackedSequence cpu() const { return *this; }
  /// Throw, as those of Tensor do.
  PackedSequence cuda() const { return PackedSequence(data_.cuda(), batch_sizes_, sorted_indices_, unsorted_indices_); }
  PackedSequence pin_memory() const { return PackedSequence(data_.pin_memory(), batch_sizes_, sorted_indices_, unsorted_indices_); }
  bool is_cuda() const { return false; }
  bool is_pinned() const { return false; }

 private:
  Tensor data_, batch_sizes_, sorted_indices_, unsorted_indices_;
};

/// Packs padded sequences, input [steps, batch, ...], with batch_first [batch, steps, ...]; lengths [batch], each from 1 to steps.
/// With enforce_sorted none may be longer than the one before; else they are sorted here, and what the layers give is put back in
/// the caller's order by pad_packed_sequence(). Throws for other lengths.
XGRAD_API PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first = false, bool enforce_sorted = true);
/// The way back: [steps, batch, ...] or [batch, steps, ...], filled up with padding_value to the longest or to total_length, and the
/// lengths. Throws if total_length is shorter than the longest.
XGRAD_API std::tuple<Tensor, Tensor> pad_packed_sequence(const PackedSequence& sequence, bool batch_first = false, double padding_value = 0.0,
                                                         std::optional<int64_t> total_length = std::nullopt);
/// Sequences [length, ...] side by side: [longest, sequences, ...], with batch_first [sequences, longest, ...].
XGRAD_API Tensor pad_sequence(TensorList sequences, bool batch_first = false, double padding_value = 0);
/// Packs sequences [length, ...].
XGRAD_API PackedSequence pack_sequence(TensorList sequences, bool enforce_sorted = true);

}}}}}  // namespace torch::xgrad::nn::utils::rnn
