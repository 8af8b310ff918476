#include <string>

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;
using Factor = std::optional<double>;

using catalogue::text;
std::string text(Factor factor) { return factor ? std::to_string(*factor) : "None"; }

struct Case {
  Dims input, output;
  Factor factors[3] = {};
};
const Case kLines[] = {{{2, 2, 5}, {10}}, {{1, 2, 7}, {3}},  {{1, 2, 4}, {4}},         {{1, 1, 1}, {3}},        {{0, 2, 4}, {3}},
                       {{1, 2, 3}, {1}},  {{1, 1, 9}, {25}}, {{1, 2, 10}, {7}, {0.7}}, {{1, 2, 4}, {10}, {2.6}}};
const Case kPictures[] = {{{2, 2, 3, 4}, {6, 8}},
                          {{1, 2, 5, 7}, {3, 4}},
                          {{1, 2, 3, 3}, {3, 5}},
                          {{1, 2, 1, 4}, {3, 2}},
                          {{0, 2, 3, 4}, {2, 2}},
                          {{1, 2, 3, 4}, {1, 1}},
                          {{1, 2, 5, 6}, {3, 9}, {0.7, 1.6}},
                          {{1, 1, 3, 20}, {2, 40}}};
const Case kVolumes[] = {{{1, 2, 2, 3, 4}, {4, 6, 8}}, {{1, 2, 3, 4, 3}, {2, 5, 4}}, {{1, 1, 3, 2, 4}, {4, 3, 6}, {1.5, 1.7, 1.6}}};

// Calls f(x, case), whose text after the sizes is `align` and the factors.
template <class F, size_t n> void interpolation_samples(catalogue::Samples& s, const Case (&cases)[n], int axes, const std::string& align, F f) {
  for (const Case& c : cases) {
    std::string factors;
    for (int i = 0; i < axes; ++i) factors += (axes == 1 ? ", scales=" : ", ") + text(c.factors[i]);
    s.add("torch._C._nn." + s.operation() + "(x[0], " + text(c.output) + align + factors + ")", {s.normal(c.input)},
          [c, f](Inputs x) { return f(x[0], c); });
  }
}

#define XGRAD_FACTORS_1(c) c.factors[0]
#define XGRAD_FACTORS_2(c) c.factors[0], c.factors[1]
#define XGRAD_FACTORS_3(c) c.factors[0], c.factors[1], c.factors[2]

#define XGRAD_NEAREST_ENTRY(name, axes, cases)                                                                                            \
  const catalogue::Entry name##_entry(#name, [](catalogue::Samples& s) {                                                                  \
    interpolation_samples(s, cases, axes, "", [](const Tensor& x, const Case& c) { return name(x, c.output, XGRAD_FACTORS_##axes(c)); }); \
    s.flat("torch._C._nn." #name "(x[0], " + text(Dims(axes, 5)) + ")", {s.integers(cases[0].input, 0, 256).to(kByte)},                   \
           [](Inputs x) { return name(x[0], Dims(axes, 5)); });                                                                           \
    s.rejects("integers", "not implemented for 'Long'", [] { name(ones(Dims(axes + 2, 2), kLong), Dims(axes, 5)); });                     \
    s.rejects("no sizes", "Must specify exactly one of output_size and scale_factors",                                                    \
              [] { name(ones(Dims(axes + 2, 2)), OptionalIntArrayRef(), std::optional<ArrayRef<double>>()); });                           \
  });
XGRAD_NEAREST_ENTRY(upsample_nearest1d, 1, kLines)
XGRAD_NEAREST_ENTRY(upsample_nearest2d, 2, kPictures)
XGRAD_NEAREST_ENTRY(upsample_nearest3d, 3, kVolumes)
XGRAD_NEAREST_ENTRY(_upsample_nearest_exact1d, 1, kLines)
XGRAD_NEAREST_ENTRY(_upsample_nearest_exact2d, 2, kPictures)
XGRAD_NEAREST_ENTRY(_upsample_nearest_exact3d, 3, kVolumes)

#define XGRAD_LINEAR_ENTRY(name, axes, cases)                                                                                                  \
  const catalogue::Entry name##_entry(#name, [](catalogue::Samples& s) {                                                                       \
    interpolation_samples(s, cases, axes, ", True",                                                                                            \
                          [](const Tensor& x, const Case& c) { return name(x, c.output, true, XGRAD_FACTORS_##axes(c)); });                    \
    interpolation_samples(s, cases, axes, ", False",                                                                                           \
                          [](const Tensor& x, const Case& c) { return name(x, c.output, false, XGRAD_FACTORS_##axes(c)); });                   \
    s.rejects("bytes", "not implemented for 'Byte'", [] { name(ones(Dims(axes + 2, 2), kByte), Dims(axes, 5), false); });                      \
    s.rejects("no channels", "data tensor expected but got a tensor with sizes", [] {                                                          \
      Dims sizes(axes + 2, 2);                                                                                                                 \
      sizes[1] = 0;                                                                                                                            \
      name(ones(sizes), Dims(axes, 5), false);                                                                                                 \
    });                                                                                                                                        \
    s.rejects("no positions", "Input and output sizes should be greater than 0", [] { name(ones(Dims(axes + 2, 2)), Dims(axes, 0), false); }); \
    s.rejects("other axes", "It is expected output_size equals to", [] { name(ones(Dims(axes + 2, 2)), Dims(axes + 1, 2), false); });          \
  });
XGRAD_LINEAR_ENTRY(upsample_linear1d, 1, kLines)
XGRAD_LINEAR_ENTRY(upsample_bilinear2d, 2, kPictures)
XGRAD_LINEAR_ENTRY(upsample_trilinear3d, 3, kVolumes)
XGRAD_LINEAR_ENTRY(upsample_bicubic2d, 2, kPictures)
XGRAD_LINEAR_ENTRY(_upsample_bilinear2d_aa, 2, kPictures)
XGRAD_LINEAR_ENTRY(_upsample_bicubic2d_aa, 2, kPictures)

}  // namespace

}}  // namespace torch::xgrad
