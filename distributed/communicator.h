// A group of ranks, and what they do together with tensors.
#pragma once

#include <memory>
#include <utility>

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/distributed/transport.h>

namespace torch { inline namespace xgrad { namespace distributed {

/// A handle on a Transport. One thread at a time may use it; a thread of its own needs a duplicate().
class XGRAD_API Communicator {
 public:
  explicit Communicator(std::shared_ptr<Transport> transport) : transport_(std::move(transport)) {}
  int rank() const { return transport_->rank(); }
  int size() const { return transport_->size(); }
  Transport& transport() const { return *transport_; }
  /// The same ranks, whose messages don't mix with those of this one. All ranks must call it, in the same order. See Transport::duplicate.
  Communicator duplicate(bool background = false) const { return Communicator(transport_->duplicate(background)); }

 private:
  std::shared_ptr<Transport> transport_;
};

/// How elements of all ranks become one. Average is of floating-point numbers: their sum, divided by the number of ranks.
enum class ReduceOp { Sum, Average, Product, Min, Max };

// Every rank of the communicator must call the same function with tensors of the same shape and dtype, in the same order; where the number
// of bytes differs, an error says which rank sent what. Tensors may be strided. float32, float64, int32, int64 and uint8 are reduced, anything is
// moved. Derivatives are not recorded: a tensor that requires grad is refused unless grad mode is off.
//
// The order in which ranks are summed depends on their number alone, and each sum is formed once or from the same two parts: all ranks get the
// same bits, in every run, in whatever message an element travels. See all_reduce.h.

/// Each element becomes that of all ranks together. A NaN of any rank is a NaN everywhere, also for Min and Max.
XGRAD_API void all_reduce(const Tensor& tensor, ReduceOp op, const Communicator& communicator);
XGRAD_API void all_reduce(const Tensor& tensor, ReduceOp op = ReduceOp::Sum);
/// The tensor becomes that of rank `root`.
XGRAD_API void broadcast(const Tensor& tensor, int root, const Communicator& communicator);
XGRAD_API void broadcast(const Tensor& tensor, int root = 0);
/// The tensors of all ranks, [size, ...], by rank.
XGRAD_API Tensor all_gather(const Tensor& tensor, const Communicator& communicator);
XGRAD_API Tensor all_gather(const Tensor& tensor);
/// The rows (along the first axis) of all ranks one after the other; their number may differ, also be 0.
XGRAD_API Tensor all_gather_rows(const Tensor& tensor, const Communicator& communicator);
XGRAD_API Tensor all_gather_rows(const Tensor& tensor);
/// Of the tensors [size * n, ...] reduced over all ranks, the n rows from rank * n on. These are the bits that all_reduce would give.
XGRAD_API Tensor reduce_scatter(const Tensor& tensor, ReduceOp op, const Communicator& communicator);
XGRAD_API Tensor reduce_scatter(const Tensor& tensor, ReduceOp op = ReduceOp::Sum);
/// Returns when all ranks have called it.
XGRAD_API void barrier(const Communicator& communicator);
XGRAD_API void barrier();

}}}  // namespace torch::xgrad::distributed
