#include <xgrad/distributed/differentiable.h>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace distributed {

Tensor differentiable_all_gather(const Tensor& tensor, const Communicator& communicator) {
  return record(Forward(operation<"all_gather">, all_gather(tensor.detach(), communicator)),
                wrt(tensor, [communicator](const Tensor& gy) { return differentiable_reduce_scatter(gy, communicator); }));
}

Tensor differentiable_reduce_scatter(const Tensor& tensor, const Communicator& communicator) {
  return record(Forward(operation<"reduce_scatter">, reduce_scatter(tensor.detach(), ReduceOp::Sum, communicator)[0]),
                wrt(tensor, [communicator](const Tensor& gy) { return differentiable_all_gather(gy, communicator); }));
}

}}}  // namespace torch::xgrad::distributed
