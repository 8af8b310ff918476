// Random changes of images, which make a training set larger than it is.
#pragma once

#include <utility>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/data/example.h>
#include <xgrad/data/transforms/base.h>
#include <xgrad/data/transforms/random_stream.h>

namespace torch { inline namespace xgrad { namespace data::transforms {

/// `image` [..., height, width] moved down by `down` and right by `right` pixels (up and left when negative); what comes in
/// at the borders is `fill`. A new tensor, of any dtype.
XGRAD_API Tensor shifted(const Tensor& image, int64_t down, int64_t right, const Scalar& fill = 0);
/// `image` [..., width] with left and right swapped: a new tensor.
XGRAD_API Tensor mirrored(const Tensor& image);

/// A transform of each example's data that draws from one generator per batch. The same `generator` state when the transform
/// is made gives the same images, for any number of workers; without a generator the default one is used, of which
/// making the transform takes one 64-bit number. Derive and define change().
template <class Target = Tensor>
class RandomTransform : public BatchTransform<std::vector<Example<Tensor, Target>>, std::vector<Example<Tensor, Target>>> {
 public:
  using E = Example<Tensor, Target>;
  explicit RandomTransform(const Generator& generator) : stream_(generator) {}

  std::vector<E> apply_batch(std::vector<E> batch) override {
    const Generator generator = stream_.for_batch();
    for (E& example : batch) example.data = change(example.data, generator);
    return batch;
  }

 protected:
  virtual Tensor change(const Tensor& image, const Generator& generator) = 0;

 private:
  RandomStream stream_;
};

namespace detail {
XGRAD_API Tensor randomly_shifted(const Tensor& image, int64_t pixels, const Scalar& fill, const Generator& generator);
XGRAD_API Tensor randomly_mirrored(const Tensor& image, double p, const Generator& generator);
XGRAD_API Tensor with_noise(const Tensor& image, double stddev, const Generator& generator);
XGRAD_API void check_shift(int64_t pixels);
XGRAD_API void check_probability(double p);
XGRAD_API void check_stddev(double stddev);
}  // namespace detail

/// Moves each image by a uniformly drawn number of pixels from -pixels to pixels, down and, independently, right.
/// Throws unless pixels >= 0.
template <class Target = Tensor> class RandomShift : public RandomTransform<Target> {
 public:
  explicit RandomShift(int64_t pixels, Generator generator = {}, Scalar fill = 0) : RandomTransform<Target>(generator), pixels_(pixels), fill_(fill) {
    detail::check_shift(pixels);
  }

 protected:
  Tensor change(const Tensor& image, const Generator& generator) override { return detail::randomly_shifted(image, pixels_, fill_, generator); }

 private:
  int64_t pixels_;
  Scalar fill_;
};

/// Mirrors each image with probability p. Throws unless 0 <= p <= 1.
template <class Target = Tensor> class RandomHorizontalFlip : public RandomTransform<Target> {
 public:
  explicit RandomHorizontalFlip(double p = 0.5, Generator generator = {}) : RandomTransform<Target>(generator), p_(p) {
    detail::check_probability(p);
  }

 protected:
  Tensor change(const Tensor& image, const Generator& generator) override { return detail::randomly_mirrored(image, p_, generator); }

 private:
  double p_;
};

/// Adds to each element an independent normal number of mean 0 and this standard deviation. For floating images; throws unless stddev >= 0.
template <class Target = Tensor> class GaussianNoise : public RandomTransform<Target> {
 public:
  explicit GaussianNoise(double stddev, Generator generator = {}) : RandomTransform<Target>(generator), stddev_(stddev) {
    detail::check_stddev(stddev);
  }

 protected:
  Tensor change(const Tensor& image, const Generator& generator) override { return detail::with_noise(image, stddev_, generator); }

 private:
  double stddev_;
};

}}}  // namespace torch::xgrad::data::transforms
