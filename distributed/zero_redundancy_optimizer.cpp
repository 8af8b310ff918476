#include <xgrad/distributed/zero_redundancy_optimizer.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>
#include <unordered_set>
#include <utility>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/distributed/agreement.h>
#include <xgrad/distributed/all_reduce.h>
#include <xgrad/io/crc32.h>

namespace torch { inline namespace xgrad { namespace distributed {

namespace {

using optim::OptimizerParamGroup;

constexpr const char* kOperation = "ZeroRedundancyOptimizer";
constexpr int64_t kTogether = 64;  // stretches begin at multiples of so many elements, so that they are aligned

}  // namespace

ShardedOptimizer::ShardedOptimizer(std::vector<OptimizerParamGroup> param_groups, std::unique_ptr<optim::OptimizerOptions> defaults, MakePart make,
                                   bool by_element, const Communicator& communicator)
    : Optimizer(std::move(param_groups), std::move(defaults)),
      make_(std::move(make)),
      communicator_(communicator.duplicate()),
      by_element_(by_element),
      pieces_(static_cast<size_t>(communicator.size())) {
  take_new_parameters();
}
ShardedOptimizer::~ShardedOptimizer() = default;

Tensor ShardedOptimizer::stretch(const Tensor& of, int64_t begin, int64_t count) { return of.detach().view({-1}).narrow(0, begin, count); }

// What has come into the groups is divided for itself, so that what there was stays where its state is.
void ShardedOptimizer::take_new_parameters() {
  const std::unordered_set<const void*> known = [this] {
    std::unordered_set<const void*> all;
    for (const Tensor& p : parameters_) all.insert(p.unsafeGetTensorImpl());
    return all;
  }();
  const size_t first = parameters_.size();
  for (size_t g = 0; g < param_groups_.size(); ++g) {
    for (const Tensor& p : param_groups_[g].params()) {
      if (known.count(p.unsafeGetTensorImpl())) continue;
      XGRAD_CHECK(p.is_contiguous(), "[", kOperation, "] parameters must be contiguous, got one of ", p.sizes(), " with strides ", p.strides());
      parameters_.push_back(p);
      groups_.push_back(g);
    }
  }
  if (by_element_) divide_by_element(first);
  else divide_by_parameter(first);
  // As groups follow one another in an optimizer.
  for (std::vector<Piece>& pieces : pieces_)
    std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.group < b.group; });
  fill_part();
  is_checked_ = false;
}

// One stretch after the other of all elements in a row, of equal length.
void ShardedOptimizer::divide_by_element(size_t first) {
  const int64_t ranks = communicator_.size();
  int64_t total = 0, before = 0;
  for (size_t i = first; i < parameters_.size(); ++i) total += parameters_[i].numel();
  const int64_t share = (total + ranks - 1) / ranks, each = (share + kTogether - 1) / kTogether * kTogether;
  for (size_t i = first; i < parameters_.size(); ++i) {
    const int64_t end = before + parameters_[i].numel();
    for (int64_t at = before; at < end;) {
      const int64_t rank = at / each, until = std::min(end, (rank + 1) * each);
      pieces_[static_cast<size_t>(rank)].push_back({i, groups_[i], static_cast<int>(rank), at - before, until - at, {}});
      at = until;
    }
    before = end;
  }
}

void ShardedOptimizer::divide_by_parameter(size_t first) {
  std::vector<size_t> order(parameters_.size() - first);
  std::iota(order.begin(), order.end(), first);
  std::stable_sort(order.begin(), order.end(), [this](size_t a, size_t b) { return parameters_[a].numel() > parameters_[b].numel(); });
  std::vector<int64_t> load;
  for (const std::vector<Piece>& pieces : pieces_) {
    load.push_back(0);
    for (const Piece& piece : pieces) load.back() += piece.count;
  }
  for (const size_t i : order) {
    const auto least = static_cast<size_t>(std::min_element(load.begin(), load.end()) - load.begin());
    load[least] += parameters_[i].numel();
    pieces_[least].push_back({i, groups_[i], static_cast<int>(least), 0, parameters_[i].numel(), {}});
  }
  for (std::vector<Piece>& pieces : pieces_)
    std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.parameter < b.parameter; });
}

/// The optimizer that a rank has, with its pieces in groups like those here; `elements` are its parameters, or zeros when not `own`.
ShardedOptimizer::Part ShardedOptimizer::part_for(int rank, std::vector<Tensor>& elements, bool own) const {
  std::vector<OptimizerParamGroup> groups;
  for (size_t g = 0; g < param_groups_.size(); ++g) {
    std::vector<Tensor> members;
    for (const Piece& piece : pieces_of(rank)) {
      if (piece.group != g) continue;
      const Tensor& parameter = parameters_[piece.parameter];
      if (own && piece.elements.defined()) {
        members.push_back(piece.elements);
      } else {
        const Tensor part = own ? stretch(parameter, piece.begin, piece.count) : zeros({piece.count}, parameter.dtype());
        members.push_back((by_element_ ? part : part.view(parameter.sizes())).set_requires_grad(true));
      }
      elements.push_back(members.back());
    }
    if (!members.empty()) groups.emplace_back(std::move(members), param_groups_[g].options().clone());
  }
  return groups.empty() ? Part() : make_(std::move(groups));
}

void ShardedOptimizer::fill_part() {
  std::vector<Tensor> elements;
  Part part = part_for(communicator_.rank(), elements, true);
  if (part_.optimizer) part.optimizer->state() = std::move(part_.optimizer->state());
  part_ = std::move(part);
  part_groups_.clear();
  std::vector<Piece>& own = pieces_[static_cast<size_t>(communicator_.rank())];
  for (size_t i = 0; i < own.size(); ++i) {
    own[i].elements = elements[i];
    if (part_groups_.empty() || part_groups_.back() != own[i].group) part_groups_.push_back(own[i].group);
  }
}

std::unique_ptr<optim::OptimizerParamState> ShardedOptimizer::new_state() const {
  if (part_.new_state) return part_.new_state();
  // A rank without a piece makes the optimizer of one that has some.
  std::vector<Tensor> elements;
  for (size_t rank = 0; rank < pieces_.size(); ++rank)
    if (!pieces_[rank].empty()) return part_for(static_cast<int>(rank), elements, false).new_state();
  return nullptr;
}

int64_t ShardedOptimizer::own_elements() const {
  int64_t sum = 0;
  for (const Piece& piece : pieces_of(communicator_.rank())) sum += piece.count;
  return sum;
}

// Parameters may have got other memory, and gradients come anew.
void ShardedOptimizer::point_at_parameters() {
  for (const Piece& piece : pieces_of(communicator_.rank())) {
    const Tensor& parameter = parameters_[piece.parameter];
    const auto shaped = [&](const Tensor& t) { return by_element_ ? t : t.view(parameter.sizes()); };
    const Tensor now = stretch(parameter, piece.begin, piece.count);
    if (now.data_ptr() != piece.elements.data_ptr()) piece.elements.set_data(shaped(now));
    const Tensor& grad = parameter.grad();
    piece.elements.mutable_grad() = grad.defined() ? shaped(stretch(grad.contiguous(), piece.begin, piece.count)) : Tensor();
  }
}

Tensor ShardedOptimizer::step(LossClosure closure) {
  Tensor loss = loss_of(closure);
  const NoGradGuard no_grad;
  XGRAD_CHECK(size() >= parameters_.size(), "[", kOperation, "] expected the ", parameters_.size(), " parameters it has, got ", size(),
              ": none may be taken away");
  if (size() > parameters_.size()) take_new_parameters();
  if (!std::exchange(is_checked_, true)) check_same_parameters();
  targets();
  if (has_whole_state_) state_.clear();
  has_whole_state_ = false;
  if (part_.optimizer) {
    for (size_t i = 0; i < part_groups_.size(); ++i) part_.optimizer->param_groups()[i].set_options(param_groups_[part_groups_[i]].options().clone());
    point_at_parameters();
    part_.optimizer->step();
  }
  share_parameters();
  return loss;
}

// Each rank changes its own stretches and takes the others from where they are changed: were the parameters in another order there, nobody
// would notice.
void ShardedOptimizer::check_same_parameters() const {
  if (communicator_.size() == 1) return;
  std::vector<std::string> lines;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const Tensor& p = parameters_[i];
    lines.push_back(xgrad::detail::concatenate(p.dtype(), " ", p.sizes(), " of group ", groups_[i], " with hash ",
                                               io::crc32_of(0, p.data_ptr(), static_cast<size_t>(p.numel()) * elementSize(p.dtype()))));
  }
  check_same_lines(kOperation, "parameter", lines, communicator_);
}

void ShardedOptimizer::share_parameters() {
  if (communicator_.size() == 1) return;
  Parts ends;
  size_t bytes = 0;
  const auto size_of = [this](const Piece& piece) { return static_cast<size_t>(piece.count) * elementSize(parameters_[piece.parameter].dtype()); };
  for (const std::vector<Piece>& pieces : pieces_) {
    for (const Piece& piece : pieces) bytes += size_of(piece);
    ends.push_back(bytes);
  }
  exchanged_.resize(bytes);
  const auto for_each_piece = [&](const auto& f) {
    char* at = exchanged_.data();
    for (const std::vector<Piece>& pieces : pieces_) {
      for (const Piece& piece : pieces) {
        char* const memory = static_cast<char*>(parameters_[piece.parameter].data_ptr());
        f(piece.rank == communicator_.rank(), at, memory + static_cast<size_t>(piece.begin) * elementSize(parameters_[piece.parameter].dtype()),
          size_of(piece));
        at += size_of(piece);
      }
    }
  };
  for_each_piece([](bool own, char* packed, const char* parameter, size_t size) {
    if (own) std::memcpy(packed, parameter, size);
  });
  const Collective call(communicator_.transport(), CollectiveKind::Parameters, kByte, {}, kOperation);
  ring_all_gather(call, exchanged_.data(), ends);
  for_each_piece([](bool own, const char* packed, char* parameter, size_t size) {
    if (!own) std::memcpy(parameter, packed, size);
  });
  for (const Tensor& p : parameters_) p.impl().storage->bump_version();
}

}}}  // namespace torch::xgrad::distributed
