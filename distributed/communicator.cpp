#include <xgrad/distributed/communicator.h>

#include <numeric>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/distributed/all_reduce.h>
#include <xgrad/distributed/reduction.h>
#include <xgrad/distributed/session.h>

namespace torch { inline namespace xgrad { namespace distributed {

namespace {

/// The elements of a tensor in order: its own memory, or a copy that put_back() writes to it.
class FlatElements {
 public:
  FlatElements(const char* operation, const Tensor& tensor) : tensor_(tensor) {
    XGRAD_CHECK(!tensor.is_sparse(), "[", operation, "] expected a dense tensor, got a sparse one");
    XGRAD_CHECK(!GradMode::is_enabled() || !tensor.requires_grad(), "[", operation,
                "] a tensor that requires grad is changed with grad mode off only, got ", tensor);
    const NoGradGuard no_grad;
    flat_ = tensor.contiguous();
  }
  void* data() const { return flat_.data_ptr(); }
  size_t bytes() const { return static_cast<size_t>(flat_.numel()) * elementSize(flat_.dtype()); }
  void put_back() const {
    const NoGradGuard no_grad;
    if (flat_.data_ptr() == tensor_.data_ptr()) tensor_.impl().storage->bump_version();
    else tensor_.copy_(flat_);
  }

 private:
  Tensor tensor_, flat_;
};

void check_root(const char* operation, int root, int size) {
  XGRAD_CHECK_AS(ValueError, 0 <= root && root < size, "[", operation, "] root must be a rank below ", size, ", got ", root);
}

}  // namespace

void all_reduce(const Tensor& tensor, ReduceOp op, const Communicator& communicator) {
  check_reducible("all_reduce", tensor.dtype(), op);
  const FlatElements x("all_reduce", tensor);
  Workspace workspace;
  const Collective call(communicator.transport(), CollectiveKind::AllReduce, tensor.dtype(), {tensor.sizes(), static_cast<int64_t>(op)});
  all_reduce_flat(call, tensor.dtype(), op, x.data(), tensor.numel(), workspace);
  x.put_back();
}

void broadcast(const Tensor& tensor, int root, const Communicator& communicator) {
  check_root("broadcast", root, communicator.size());
  const FlatElements x("broadcast", tensor);
  const Collective call(communicator.transport(), CollectiveKind::Broadcast, tensor.dtype(), {tensor.sizes(), int64_t{root}});
  broadcast_flat(call, x.data(), x.bytes(), root);
  if (communicator.rank() != root) x.put_back();
}

Tensor all_gather(const Tensor& tensor, const Communicator& communicator) {
  const NoGradGuard no_grad;
  const FlatElements x("all_gather", tensor);
  Dims sizes(tensor.sizes());
  sizes.insert(0, communicator.size());
  const Tensor all = empty(sizes, tensor.options().requires_grad(false));
  all.select(0, communicator.rank()).copy_(tensor);
  Parts ends(static_cast<size_t>(communicator.size()));
  for (size_t i = 0; i < ends.size(); ++i) ends[i] = (i + 1) * x.bytes();
  const Collective call(communicator.transport(), CollectiveKind::AllGather, tensor.dtype(), {tensor.sizes()});
  ring_all_gather(call, all.data_ptr(), ends);
  return all;
}

Tensor all_gather_rows(const Tensor& tensor, const Communicator& communicator) {
  XGRAD_CHECK(tensor.dim() >= 1, "[all_gather_rows] expected at least one axis, got a tensor without");
  const NoGradGuard no_grad;
  const Tensor counts = all_gather(torch::tensor(tensor.size(0)), communicator);
  Dims sizes(tensor.sizes());
  sizes[0] = 0;
  size_t row = elementSize(tensor.dtype());
  for (int64_t axis = 1; axis < tensor.dim(); ++axis) row *= static_cast<size_t>(tensor.size(axis));
  Parts ends;
  int64_t before = 0;
  for (int64_t rank = 0; rank < communicator.size(); ++rank) {
    if (rank == communicator.rank()) before = sizes[0];
    sizes[0] += counts[rank].item<int64_t>();
    ends.push_back(static_cast<size_t>(sizes[0]) * row);
  }
  const Tensor all = empty(sizes, tensor.options().requires_grad(false));
  all.narrow(0, before, tensor.size(0)).copy_(tensor);
  const Collective call(communicator.transport(), CollectiveKind::AllGatherRows, tensor.dtype(), {sizes});
  ring_all_gather(call, all.data_ptr(), ends);
  return all;
}

Tensor reduce_scatter(const Tensor& tensor, ReduceOp op, const Communicator& communicator) {
  check_reducible("reduce_scatter", tensor.dtype(), op);
  XGRAD_CHECK(tensor.dim() >= 1 && tensor.size(0) % communicator.size() == 0, "[reduce_scatter] expected a first axis that ", communicator.size(),
              " ranks can divide, got ", tensor.sizes());
  const NoGradGuard no_grad;
  const Tensor all = tensor.clone(MemoryFormat::Contiguous);
  Workspace workspace;
  const Collective call(communicator.transport(), CollectiveKind::ReduceScatter, all.dtype(), {all.sizes(), static_cast<int64_t>(op)});
  reduce_scatter_flat(call, all.dtype(), op, all.data_ptr(), all.numel(), workspace);
  const int64_t rows = all.size(0) / communicator.size();
  return all.narrow(0, rows * communicator.rank(), rows).clone();
}

void barrier(const Communicator& communicator) { barrier_of(Collective(communicator.transport(), CollectiveKind::Barrier, kByte, {})); }

void all_reduce(const Tensor& tensor, ReduceOp op) { all_reduce(tensor, op, world()); }
void broadcast(const Tensor& tensor, int root) { broadcast(tensor, root, world()); }
Tensor all_gather(const Tensor& tensor) { return all_gather(tensor, world()); }
Tensor all_gather_rows(const Tensor& tensor) { return all_gather_rows(tensor, world()); }
Tensor reduce_scatter(const Tensor& tensor, ReduceOp op) { return reduce_scatter(tensor, op, world()); }
void barrier() { barrier(world()); }

}}}  // namespace torch::xgrad::distributed
