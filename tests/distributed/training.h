// A small net and its batches, of which each rank has a share.
#pragma once

#include "distributed/ranks.h"

struct Batch {
  xgrad::Tensor x, y;
};
inline Batch whole_batch(uint64_t step) {
  const int64_t rows = 6 * xgrad::distributed::world_size();
  return {drawn(0, {rows, 12}, step), drawn(1, {rows, 3}, step)};
}
inline Batch share_of(const Batch& batch) {
  const int64_t rows = batch.x.size(0) / xgrad::distributed::world_size(), first = rows * xgrad::distributed::rank();
  return {batch.x.narrow(0, first, rows), batch.y.narrow(0, first, rows)};
}

inline xgrad::nn::Sequential make_net() {
  namespace nn = xgrad::nn;
  return nn::Sequential(nn::Linear(12, 40), nn::Tanh(), nn::Linear(40, 30), nn::ReLU(), nn::Linear(30, 3));
}

inline xgrad::Tensor loss_of(xgrad::nn::Sequential& net, const Batch& batch) {
  return xgrad::nn::functional::mse_loss(net->forward(batch.x), batch.y);
}

inline xgrad::distributed::DistributedDataParallelOptions small_buckets() {
  return xgrad::distributed::DistributedDataParallelOptions().bucket_cap_mb(0.002);
}
