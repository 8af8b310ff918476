#include <xgrad/autograd/kernels/fused_rows.h>

#include <algorithm>

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

// What the operands of a block take together: less than the second cache, since loops of many operands gain nothing in the first.
constexpr int64_t kBlockBytes = int64_t{256} << 10;
constexpr int64_t kLeastBlock = 512, kLargestBlock = 8192;
// Places begin at other distances than pages, or writes to one would hold up reads from another.
constexpr int64_t kApart = 192;

}  // namespace

RowLaunch::RowLaunch(const Launch::Call& call) {
  if (const auto* const a = arguments_of<const OperandRows&, Loop, Parameters, double>(call, run_rows)) {
    rows = &std::get<0>(*a);
    std::tie(loop, parameters, cost) = std::tie(std::get<1>(*a), std::get<2>(*a), std::get<3>(*a));
  } else if (const auto* const b = arguments_of<const OperandRows&, Loop, Parameters, double, Loop, Parameters>(call, add_rows)) {
    rows = &std::get<0>(*b);
    std::tie(loop, parameters, cost, add, add_parameters) =
        std::tie(std::get<1>(*b), std::get<2>(*b), std::get<3>(*b), std::get<4>(*b), std::get<5>(*b));
    adds = true;
  }
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

void FusedRows::finish(int places) {
  int64_t bytes = 0;  // of one element of each operand, those that are walked twice counted twice
  for (const Row& row : rows_)
    for (int k = 0; k < row.operands; ++k) bytes += row.all[k].place < 0 ? row.all[k].step : 0;
  bytes += places * static_cast<int64_t>(sizeof(double));
  block_ = std::clamp(kBlockBytes / std::max<int64_t>(bytes, 1), kLeastBlock, kLargestBlock) / 64 * 64;
  place_bytes_ = block_ * static_cast<int64_t>(sizeof(double)) + kApart;
  room_bytes_ = places * place_bytes_ + 64;
  room_.reset(new std::max_align_t[static_cast<size_t>(room_bytes_) / sizeof(std::max_align_t) + 1]);
}

void FusedRows::run_blocks(int64_t first, int64_t last, char* room) const {
  room += -reinterpret_cast<uintptr_t>(room) & 63;
  for (int64_t b = first; b < last; ++b) {
    const int64_t begin = b * block_, count = std::min(block_, n_ - begin);
    for (const Row& row : rows_) {
      char* pointers[kMaxOperands];
      int64_t steps[kMaxOperands];
      for (int k = 0; k < row.operands; ++k) {
        const Operand& o = row.all[k];
        pointers[k] = o.place < 0 ? o.pointer + begin * o.step : room + o.place * place_bytes_;
        steps[k] = o.step;
      }
      row.loop(pointers, steps, count, row.parameters);
    }
  }
}

void FusedRows::run() const {
  const int64_t blocks = (n_ + block_ - 1) / block_;
  if (static_cast<double>(n_) * cost_ < kParallelNanoseconds || num_threads() == 1)
    return run_blocks(0, blocks, reinterpret_cast<char*>(room_.get()));
  parallel_for_with_room<char>(blocks, 1, room_bytes_, [this](int64_t first, int64_t last, char* room) { run_blocks(first, last, room); });
}

}}}  // namespace torch::xgrad::kernels
