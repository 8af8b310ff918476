#include <xgrad/nn/packed_sequence.h>

#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace nn { namespace utils { namespace rnn {

Tensor invert_permutation(const Tensor& permutation) {
  if (!permutation.defined()) return {};
  return empty_like(permutation).scatter_(0, permutation, arange(permutation.numel()));
}

PackedSequence::PackedSequence(Tensor data, Tensor batch_sizes, Tensor sorted_indices, Tensor unsorted_indices)
    : data_(std::move(data)),
      batch_sizes_(std::move(batch_sizes)),
      sorted_indices_(std::move(sorted_indices)),
      unsorted_indices_(unsorted_indices.defined() ? std::move(unsorted_indices) : invert_permutation(sorted_indices_)) {}

PackedSequence PackedSequence::to(const TensorOptions& options) const {
  const Tensor converted = data_.to(options);
  return converted.is_same(data_) ? *this : PackedSequence(converted, batch_sizes_, sorted_indices_, unsorted_indices_);
}

PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first, bool enforce_sorted) {
  lengths = lengths.to(kLong);
  Tensor order;
  if (!enforce_sorted) {
    std::tie(lengths, order) = sort(lengths, -1, true);
    input = input.index_select(batch_first ? 0 : 1, order);
  }
  const auto [data, batch_sizes] = _pack_padded_sequence(input, lengths, batch_first);
  return PackedSequence(data, batch_sizes, order);
}

std::tuple<Tensor, Tensor> pad_packed_sequence(const PackedSequence& sequence, bool batch_first, double padding_value,
                                               std::optional<int64_t> total_length) {
  const int64_t longest = sequence.batch_sizes().size(0);
  XGRAD_CHECK(!total_length || *total_length >= longest,
              "[pad_packed_sequence] Expected total_length to be at least the length of the longest sequence in input, but got total_length=",
              total_length.value_or(0), " and max sequence length being ", longest);
  const auto [padded, lengths] =
      _pad_packed_sequence(sequence.data(), sequence.batch_sizes(), batch_first, padding_value, total_length.value_or(longest));
  const Tensor& order = sequence.unsorted_indices();
  if (!order.defined()) return {padded, lengths};
  return {padded.index_select(batch_first ? 0 : 1, order), lengths.index_select(0, order)};
}

Tensor pad_sequence(TensorList sequences, bool batch_first, double padding_value) {
  return xgrad::pad_sequence(sequences, batch_first, padding_value);
}

PackedSequence pack_sequence(TensorList sequences, bool enforce_sorted) {
  std::vector<int64_t> lengths;
  for (const Tensor& t : sequences) lengths.push_back(t.size(0));
  return pack_padded_sequence(xgrad::pad_sequence(sequences), tensor(lengths), false, enforce_sorted);
}

}}}}}  // namespace torch::xgrad::nn::utils::rnn
