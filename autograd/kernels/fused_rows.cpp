#include <xgrad/autograd/kernels/fused_rows.h>

#include <algorithm>
#include <span>
#include <tuple>

#include <xgrad/autograd/kernels/scratch.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

// The arguments of a kept launch of `kernel`; null if it is one of another.
template <class... P> const std::tuple<std::decay_t<P>...>* arguments_of(const Launch::Call& call, void (*kernel)(P...)) {
  using Kept = detail::PlainCall<P...>;
  if (call.run != Kept::run) return nullptr;
  const auto* const kept = static_cast<const Kept*>(call.arguments);
  return kept->kernel == kernel ? &kept->arguments : nullptr;
}

// What the operands of a block take together, walks of the same one counted once: the nearest cache and a little more, since short blocks
// cost a call of every loop.
constexpr int64_t kBlockBytes = int64_t{64} << 10;
constexpr int64_t kLeastBlock = 512, kLargestBlock = 8192;
// Places begin at other distances than pages, or writes to one would hold up reads from another.
constexpr int64_t kApart = 192;

}  // namespace

RowLaunch::RowLaunch(const Launch::Call& call) {
  if (const auto* const a = arguments_of<const OperandRows&, Loop, Parameters, double>(call, run_rows)) {
    std::tie(rows, loop, parameters, cost) = *a;
  } else if (const auto* const b = arguments_of<const OperandRows&, Loop, Parameters, double, Loop, Parameters>(call, add_rows)) {
    std::tie(rows, loop, parameters, cost, add, add_parameters) = *b;
    adds = true;
  } else if (const auto* const c = arguments_of<const Iteration&, Loop, Parameters, double>(call, kernels::run)) {
    const Iteration& it = std::get<0>(*c);
    if (it.axes != 1 || it.strides[0][0] <= 0) return;
    rows.emplace(OperandRows{it.sizes[0], it.operands, it.constants, {}, {}, {}});
    for (int k = 0; k < it.operands; ++k) {
      rows->pointers[k] = it.pointers[k];
      rows->steps[k] = it.strides[k][0];
    }
    std::tie(std::ignore, loop, parameters, cost) = *c;
  }
}

SumLaunch::SumLaunch(const Launch::Call& call) {
  const auto* const a = arguments_of<const ReductionGeometry&, ScalarType, const void*, void*, double>(call, reduce_sum);
  if (!a || (std::get<1>(*a) != kFloat && std::get<1>(*a) != kDouble)) return;
  const ReductionGeometry& g = std::get<0>(*a);
  if (g.outputs() != 1 || g.reduced != 1 || g.reduced_in[0] != 1) return;
  std::tie(std::ignore, dtype, std::ignore, y, divisor) = *a;
  x = static_cast<char*>(const_cast<void*>(std::get<2>(*a)));
  n = g.reduced_sizes[0];
  step = elementSize(dtype);
}

void FusedRows::add(const RowLaunch& launch, const Operand* operands) {
  Row& row = rows_.emplace_back(Row{launch.loop, launch.parameters.data, launch.rows->operands, {}});
  std::copy_n(operands, row.operands, row.all);
  if (launch.adds) {
    added_.push_back(std::make_unique<AddedLoop>(AddedLoop{launch.loop, launch.parameters, launch.add, launch.add_parameters, row.operands}));
    row.loop = AddedLoop::run;
    row.parameters = added_.back().get();
  }
  n_ = launch.rows->n;
  cost_ += launch.cost;
}

void FusedRows::add(const SumLaunch& launch, int place) {
  totals_.push_back({{launch.x, launch.step, place}, launch.y, std::make_unique<PiecewiseSum>(launch.n, launch.dtype, launch.divisor)});
}

void FusedRows::finish(int places) {
  places_.resize(static_cast<size_t>(places));
  std::vector<const char*> walked;
  int64_t bytes = 0;  // of one element of each operand
  for (const Row& row : rows_)
    for (const Operand& o : std::span(row.all, static_cast<size_t>(row.operands))) {
      if (o.place >= 0) {
        Place& place = places_[static_cast<size_t>(o.place)];
        bytes += std::max<int64_t>(o.step - place.bytes, 0);
        place.bytes = std::max(place.bytes, o.step);
      } else if (std::find(walked.begin(), walked.end(), o.pointer) == walked.end()) {
        walked.push_back(o.pointer);
        bytes += o.step;
      }
    }
  block_ = std::clamp(kBlockBytes / std::max<int64_t>(bytes, 1), kLeastBlock, kLargestBlock) / 64 * 64;
  unit_ = totals_.empty() ? block_ : PiecewiseSum::kPiece;
  for (const Total& total : totals_)
    if (total.x.place >= 0) places_[static_cast<size_t>(total.x.place)].whole = true;
  for (Place& place : places_) {
    place.offset = room_bytes_;
    room_bytes_ += (place.whole ? unit_ : block_) * place.bytes + kApart;
  }
  room_bytes_ += 64;
  room_.reset(new std::max_align_t[static_cast<size_t>(room_bytes_) / sizeof(std::max_align_t) + 1]);
}

char* FusedRows::address(const Operand& o, int64_t element, int64_t unit_begin, char* room) const {
  if (o.place < 0) return o.pointer + element * o.step;
  const Place& place = places_[static_cast<size_t>(o.place)];
  return room + place.offset + (place.whole ? (element - unit_begin) * o.step : 0);
}

void FusedRows::run_units(int64_t first, int64_t last, char* room) const {
  room += -reinterpret_cast<uintptr_t>(room) & 63;
  for (int64_t unit = first; unit < last; ++unit) {
    const int64_t begin = unit * unit_, end = std::min(begin + unit_, n_);
    for (int64_t at = begin; at < end; at += block_)
      for (const Row& row : rows_) {
        char* pointers[kMaxOperands];
        int64_t steps[kMaxOperands];
        for (int k = 0; k < row.operands; ++k) {
          pointers[k] = address(row.all[k], at, begin, room);
          steps[k] = row.all[k].step;
        }
        row.loop(pointers, steps, std::min(block_, end - at), row.parameters);
      }
    for (const Total& total : totals_) total.sum->add(unit, address(total.x, begin, begin, room));
  }
}

void FusedRows::run() const {
  const int64_t units = (n_ + unit_ - 1) / unit_;
  if (static_cast<double>(n_) * cost_ < least_shared_nanoseconds() || num_threads() == 1) run_units(0, units, reinterpret_cast<char*>(room_.get()));
  else parallel_for_with_room<char>(units, 1, room_bytes_, [this](int64_t first, int64_t last, char* room) { run_units(first, last, room); });
  for (const Total& total : totals_) total.sum->finish(total.y);
}

}}}  // namespace torch::xgrad::kernels
