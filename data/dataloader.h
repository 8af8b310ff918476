// Batches of a dataset, prepared ahead by worker threads.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include <xgrad/data/dataloader/stateful.h>
#include <xgrad/data/dataloader/stateless.h>
#include <xgrad/data/samplers/random.h>

namespace torch { inline namespace xgrad { namespace data {

/// A loader of `dataset` in the order of `sampler`.
template <class Dataset, class Sampler>
std::enable_if_t<!Dataset::is_stateful, std::unique_ptr<StatelessDataLoader<Dataset, Sampler>>> make_data_loader(Dataset dataset, Sampler sampler,
                                                                                                                 DataLoaderOptions options) {
  return std::make_unique<StatelessDataLoader<Dataset, Sampler>>(std::move(dataset), std::move(sampler), options);
}

/// A loader with a `Sampler` for the dataset's size; throws when the dataset has none.
template <class Sampler = samplers::RandomSampler, class Dataset>
std::enable_if_t<!Dataset::is_stateful && std::is_constructible_v<Sampler, size_t>, std::unique_ptr<StatelessDataLoader<Dataset, Sampler>>>
make_data_loader(Dataset dataset, DataLoaderOptions options = DataLoaderOptions()) {
  const std::optional<size_t> size = dataset.size();
  XGRAD_CHECK(size.has_value(), "[make_data_loader] Expected the dataset to be sized in order to construct the Sampler");
  return make_data_loader(std::move(dataset), Sampler(*size), options);
}

/// A loader of a dataset that decides itself what comes next.
template <class Dataset, class = std::enable_if_t<Dataset::is_stateful>>
std::unique_ptr<StatefulDataLoader<Dataset>> make_data_loader(Dataset dataset, DataLoaderOptions options = DataLoaderOptions()) {
  return std::make_unique<StatefulDataLoader<Dataset>>(std::move(dataset), options);
}

}}}  // namespace torch::xgrad::data
