// The state of a sharded optimizer in one place: gathered, saved, loaded.
#include <string>
#include <type_traits>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/distributed/collective.h>
#include <xgrad/distributed/zero_redundancy_optimizer.h>
#include <xgrad/io/archive.h>

namespace torch { inline namespace xgrad { namespace distributed {

namespace {

using optim::OptimizerParamState;

std::string bytes_of(const optim::Optimizer& optimizer) {
  serialize::OutputArchive archive;
  optimizer.save(archive);
  std::string bytes;
  archive.save_to([&bytes](const void* data, size_t size) {
    bytes.append(static_cast<const char*>(data), size);
    return size;
  });
  return bytes;
}

/// Puts the state of a stretch into that of the whole parameter, or takes it from there: calls f(field of the whole, field of the stretch).
template <class F> void for_each_field(OptimizerParamState& whole, OptimizerParamState& part, const F& f) {
  const std::vector<optim::StateField> of_whole = whole.fields(), of_part = part.fields();
  for (size_t i = 0; i < of_whole.size(); ++i)
    std::visit([&](auto* value) { f(*value, *std::get<decltype(value)>(of_part[i].value)); }, of_whole[i].value);
}

}  // namespace

void ShardedOptimizer::consolidate_state(int to) {
  XGRAD_CHECK_AS(ValueError, 0 <= to && to < communicator_.size(), "[consolidate_state] expected a rank below ", communicator_.size(), ", got ", to);
  const NoGradGuard no_grad;
  if (size() > parameters_.size()) take_new_parameters();
  const Collective call(communicator_.transport(), CollectiveKind::OptimizerState, kByte, {int64_t{to}});
  if (communicator_.rank() != to) {
    const std::string bytes = part_.optimizer ? bytes_of(*part_.optimizer) : std::string();
    const uint64_t length = bytes.size();
    call.send(to, &length, sizeof length);
    call.send(to, bytes.data(), bytes.size());
    return;
  }
  state_.clear();
  for (int rank = 0; rank < communicator_.size(); ++rank) {
    std::vector<Tensor> elements;
    Part theirs;
    if (rank != to) {
      uint64_t length = 0;
      call.receive(rank, &length, sizeof length);
      std::string bytes(length, '\0');
      call.receive(rank, bytes.data(), length);
      theirs = part_for(rank, elements, false);
      if (theirs.optimizer) {
        serialize::InputArchive archive;
        archive.load_from(bytes.data(), bytes.size());
        theirs.optimizer->load(archive);
      }
    } else {
      for (const Piece& piece : pieces_of(rank)) elements.push_back(piece.elements);
    }
    const Part& part = rank == to ? part_ : theirs;
    for (size_t i = 0; i < elements.size(); ++i) {
      const auto state = part.optimizer->state().find(elements[i].unsafeGetTensorImpl());
      if (state == part.optimizer->state().end()) continue;
      const Piece& piece = pieces_of(rank)[i];
      const Tensor& parameter = parameters_[piece.parameter];
      std::unique_ptr<OptimizerParamState>& whole = state_[parameter.unsafeGetTensorImpl()];
      if (!by_element_) {
        whole = state->second->clone();
        continue;
      }
      if (!whole) whole = new_state();
      for_each_field(*whole, *state->second, [&](auto& all, auto& some) {
        using Field = std::decay_t<decltype(all)>;
        if constexpr (std::is_arithmetic_v<Field>) {
          all = some;
        } else if constexpr (std::is_same_v<Field, Tensor>) {
          if (!some.defined()) return;
          if (!all.defined()) all = zeros(parameter.sizes(), some.dtype());
          stretch(all, piece.begin, piece.count).copy_(some);
        }
      });
    }
  }
  has_whole_state_ = true;
}

void ShardedOptimizer::save(serialize::OutputArchive& archive) const {
  XGRAD_CHECK(has_whole_state_, "[ZeroRedundancyOptimizer] save: rank ", communicator_.rank(),
              " has a part of the state only; all ranks must call consolidate_state() before");
  Optimizer::save(archive);
}

void ShardedOptimizer::load(serialize::InputArchive& archive) {
  Optimizer::load(archive);
  if (size() > parameters_.size()) take_new_parameters();
  has_whole_state_ = false;
  const NoGradGuard no_grad;
  if (part_.optimizer) part_.optimizer->state().clear();
  for (const Piece& piece : pieces_of(communicator_.rank())) {
    const auto whole = state_.find(parameters_[piece.parameter].unsafeGetTensorImpl());
    if (whole == state_.end()) continue;
    std::unique_ptr<OptimizerParamState> part = whole->second->clone();
    if (by_element_) {
      for_each_field(*whole->second, *part, [&](auto& all, auto& some) {
        if constexpr (std::is_same_v<std::decay_t<decltype(all)>, Tensor>)
          if (all.defined()) some = stretch(all.contiguous(), piece.begin, piece.count).clone();
      });
    }
    part_.optimizer->state()[piece.elements.unsafeGetTensorImpl()] = std::move(part);
  }
  state_.clear();
}

}}}  // namespace torch::xgrad::distributed
