// Pictures of what a training has made: confusion, distributions, images.
#pragma once

#include <string>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/inspect/histogram.h>
#include <xgrad/inspect/picture/picture.h>

namespace torch { inline namespace xgrad {

namespace nn {
class Module;
}

namespace inspect {

/// A confusion matrix as train::ConfusionMatrix::compute() gives it, [classes of targets, classes predicted]: each field with its count, as dark
/// as the root of its share of the row, so that small shares can be seen. `names` of the classes, numbers unless given. Throws unless the matrix
/// is square, not empty, of at most 200 classes and of finite counts that aren't negative, and for another number of names.
XGRAD_API Picture confusion_picture(const Tensor& counts, const std::vector<std::string>& names = {}, const std::string& title = "");

/// The bars of a histogram, with what it says about mean and deviation, and how many values are NaN or infinite.
XGRAD_API Picture histogram_picture(const Histogram& histogram, const std::string& title = "");

/// Histograms of all parameters of a module, `columns` side by side, each with the parameter's name and shape. Throws unless columns >= 1.
XGRAD_API Picture weight_histograms(const nn::Module& module, int64_t bins = 40, int64_t columns = 3);

/// Images as io::save_image takes them, `columns` side by side from the top left, each enlarged by a whole number until it is `least_size` high or
/// more, with its caption below. Throws as io::encode_image does, unless columns >= 1, and for another number of captions.
XGRAD_API Picture image_picture(const Tensor& images, const std::vector<std::string>& captions = {}, int64_t columns = 8,
                                const std::string& title = "", int64_t least_size = 64);

}  // namespace inspect
}}  // namespace torch::xgrad
