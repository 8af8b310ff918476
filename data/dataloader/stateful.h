// Loaders of datasets that decide themselves what comes next.
#pragma once

#include <memory>
#include <utility>

#include <xgrad/data/dataloader/base.h>

namespace torch { inline namespace xgrad { namespace data {

/// A loader of a dataset whose get_batch gives an optional batch, nothing when the epoch is over. It is given the batch_size;
/// drop_last means nothing here. All workers share the dataset, so with more than one of them its get_batch must be safe to call from
/// several threads at once. reset() is called on it before each epoch. This loader has no position of its own in a checkpoint, as a
/// StatelessDataLoader has: only the dataset knows where it is and saves that, and what workers have prepared can't be asked for again. So
/// save the dataset, which stays with the program when it is a shared one (make_shared_dataset), and for the same batches without workers.
template <class Dataset>
class StatefulDataLoader : public DataLoaderBase<Dataset, typename Dataset::BatchType::value_type, typename Dataset::BatchRequestType> {
 public:
  using super = DataLoaderBase<Dataset, typename Dataset::BatchType::value_type, typename Dataset::BatchRequestType>;
  using typename super::BatchRequestType;

  /// Throws when batch_size, or with workers max_jobs, is 0.
  StatefulDataLoader(Dataset dataset, DataLoaderOptions options) : super(std::move(options), std::make_unique<Dataset>(std::move(dataset))) {
    for (size_t w = 0; w < this->options_.workers; ++w) this->start_worker(this->main_thread_dataset_.get());
  }

 private:
  void reset() override {
    this->main_thread_dataset_->reset();
    super::reset();
  }
  std::optional<BatchRequestType> get_batch_request() override { return this->options_.batch_size; }
};

}}}  // namespace torch::xgrad::data
