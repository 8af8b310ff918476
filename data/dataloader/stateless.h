// Loaders of datasets that are asked for what a sampler chose.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include <xgrad/autograd/core/type_name.h>
#include <xgrad/data/dataloader/base.h>
#include <xgrad/data/dataloader/position.h>
#include <xgrad/data/samplers/request.h>

namespace torch { inline namespace xgrad { namespace data {

/// A loader of `dataset` in the order of `sampler`. Each worker has a copy of the dataset, and so has the calling thread.
template <class Dataset, class Sampler>
class StatelessDataLoader : public DataLoaderBase<Dataset, typename Dataset::BatchType, typename Sampler::BatchRequestType> {
 public:
  using super = DataLoaderBase<Dataset, typename Dataset::BatchType, typename Sampler::BatchRequestType>;
  using typename super::BatchRequestType;

  /// Starts the workers. Throws when batch_size, or with workers max_jobs, is 0.
  StatelessDataLoader(Dataset dataset, Sampler sampler, DataLoaderOptions options) : super(std::move(options)), sampler_(std::move(sampler)) {
    for (size_t w = 0; w < this->options_.workers; ++w) this->start_worker(Dataset(dataset));
    this->main_thread_dataset_ = std::make_unique<Dataset>(std::move(dataset));
  }

  /// How many batches an epoch has; nothing where the sampler doesn't tell.
  std::optional<size_t> size() const { return batches_of(sampler_, 0); }

  /// Saves where in its epoch this loader stands, its sampler included: after the batches that were handed out (the one that an iterator
  /// shows is), whatever workers have prepared beyond them. Throws when a batch that was asked for and not handed out has a request that
  /// an archive can't hold: see samplers/request.h.
  void save(serialize::OutputArchive& archive) const {
    here().save(archive);
    serialize::OutputArchive sampler, pending;
    sampler_.save(sampler);
    archive.write("sampler", sampler);
    size_t count = 0;
    this->each_pending([&](size_t place, const BatchRequestType& request) {
      XGRAD_CHECK(super::keeps_requests && samplers::is_saved_request<BatchRequestType>, "[DataLoader] batch requests of type ",
                  type_name(typeid(BatchRequestType)), " can't be saved: they need save(OutputArchive&) and load(InputArchive&)");
      serialize::OutputArchive one;
      one.write("place", IValue(place));
      samplers::save_request(one, request);
      pending.write(std::to_string(count++), one);
    });
    pending.write("count", IValue(count));
    archive.write("pending", pending);
  }

  /// The next begin() goes on where the saved loader stood: the same batches with the same numbers, then the epochs after it, provided
  /// the state of the generator that the sampler draws from is restored as well. What was saved after the last batch of an epoch goes on
  /// with a new one. The number of workers may differ. Iterators of before come to their end. Throws, naming what differs, and
  /// changes nothing, when the saved loader had another batch_size, drop_last, size of its dataset or type of sampler.
  void load(serialize::InputArchive& archive) {
    const LoaderPosition saved = LoaderPosition::load(archive);
    saved.check_fits(here());
    serialize::InputArchive sampler, pending, one;
    archive.read("sampler", sampler);
    archive.read("pending", pending);
    IValue number;
    pending.read("count", number);
    std::deque<typename super::Job> jobs;
    if constexpr (samplers::is_saved_request<BatchRequestType>) {
      for (int64_t i = 0, count = number.toInt(); i < count; ++i) {
        pending.read(std::to_string(i), one);
        one.read("place", number);
        jobs.push_back({samplers::load_request<BatchRequestType>(one), number.to<size_t>()});
      }
    } else {
      XGRAD_CHECK(number.toInt() == 0, "[DataLoader] batch requests of type ", type_name(typeid(BatchRequestType)), " can't be loaded");
    }
    sampler_.load(sampler);
    this->go_on(saved.epoch, saved.place, saved.running, std::move(jobs));
  }

 private:
  template <class S> auto batches_of(const S& sampler, int) const -> decltype(static_cast<void>(sampler.size()), std::optional<size_t>()) {
    const size_t whole = sampler.size() / this->options_.batch_size, rest = sampler.size() % this->options_.batch_size;
    return whole + (rest != 0 && !this->options_.drop_last);
  }
  template <class S> std::optional<size_t> batches_of(const S&, long) const { return std::nullopt; }

  LoaderPosition here() const {
    return {this->options_.batch_size,
            this->options_.drop_last,
            this->main_thread_dataset_->size(),
            type_name(typeid(Sampler)),
            this->epoch(),
            this->place(),
            this->running()};
  }

  void reset() override {
    sampler_.reset(std::nullopt);
    super::reset();
  }
  std::optional<BatchRequestType> get_batch_request() override {
    std::optional<BatchRequestType> request = sampler_.next(this->options_.batch_size);
    if (request && this->options_.drop_last && request->size() < this->options_.batch_size) return std::nullopt;
    return request;
  }

  Sampler sampler_;
};

}}}  // namespace torch::xgrad::data
