#include <string>

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

using catalogue::text;

struct PadCase {
  Dims input, padding;
};

const catalogue::Entry constant_pad_nd_entry("constant_pad_nd", [](catalogue::Samples& s) {
  for (const PadCase& c :
       {PadCase{{2, 3}, {1, 2}}, PadCase{{2, 3}, {1, 0, 0, 2}}, PadCase{{2, 3, 4}, {-1, 2, 1, -1}}, PadCase{{3}, {-2, -1}}, PadCase{{3}, {-2, 4}},
        PadCase{{2, 0}, {1, 1}}, PadCase{{2, 3}, {}}, PadCase{{1, 2, 3, 4}, {1, 1, 2, 0, 0, 1, 1, 0}}, PadCase{{}, {}}, PadCase{{2, 3}, {0, -1}}}) {
    s.add("torch.constant_pad_nd(x[0], " + text(c.padding) + ")", {s.normal(c.input)}, [c](Inputs x) { return constant_pad_nd(x[0], c.padding); });
    s.add("torch.constant_pad_nd(x[0], " + text(c.padding) + ", 2.5)", {s.normal(c.input)},
          [c](Inputs x) { return constant_pad_nd(x[0], c.padding, 2.5); });
  }
  for (const ScalarType dtype : {kLong, kInt, kByte, kBool})
    s.flat("torch.constant_pad_nd(x[0], (1, 2), 1)", {s.integers({2, 3}, 0, 2).to(dtype)}, [](Inputs x) { return constant_pad_nd(x[0], {1, 2}, 1); });
  s.rejects("half a pair", "Length of pad must be even but instead it equals 1", [] { constant_pad_nd(ones({3}), 1); });
  s.rejects("more pairs than axes", "Length of pad should be no more than twice the number of dimensions", [] {
    constant_pad_nd(ones({3}), {1, 1, 1, 1});
  });
  s.rejects("less than nothing left", "resulted in a negative output size", [] { constant_pad_nd(ones({3}), {-2, -2}); });
  s.rejects("more taken away than there is", "resulted in a negative output size", [] { constant_pad_nd(ones({3}), {-4, 5}); });
});

template <class F> void image_samples(catalogue::Samples& s, F f, std::initializer_list<PadCase> cases) {
  for (const PadCase& c : cases)
    s.add("torch._C._nn." + s.operation() + "(x[0], " + text(c.padding) + ")", {s.normal(c.input)}, [f, c](Inputs x) { return f(x[0], c.padding); });
}

#define XGRAD_PAD_ENTRIES(name)                                                                                                            \
  const catalogue::Entry name##1d_entry(#name "1d", [](catalogue::Samples& s) {                                                            \
    image_samples(s, name##1d,                                                                                                             \
                  {{{2, 3, 4}, {1, 2}}, {{3, 4}, {3, 0}}, {{3, 4}, {-1, 2}}, {{0, 3, 4}, {1, 1}}, {{1, 5}, {-2, -2}}, {{1, 40}, {3, 3}}}); \
    s.rejects("one number", "padding size is expected to be 2", [] { name##1d(ones({1, 3}), 1); });                                        \
    s.rejects("a vector", "2D or 3D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions expected", [] {           \
      name##1d(ones({3}), {1, 1});                                                                                                         \
    });                                                                                                                                    \
    s.rejects("integers", "not implemented for 'Long'", [] { name##1d(ones({1, 3}, kLong), {1, 1}); });                                    \
    s.rejects("nothing left", "is too small. Calculated output size: 0", [] { name##1d(ones({1, 3}), {-2, -1}); });                        \
  });                                                                                                                                      \
  const catalogue::Entry name##2d_entry(#name "2d", [](catalogue::Samples& s) {                                                            \
    image_samples(s, name##2d, {{{2, 2, 3, 4}, {1, 2, 2, 1}}, {{2, 3, 4}, {0, 0, 1, 0}}, {{2, 3, 4}, {-1, 2, 1, -1}}});                    \
  });                                                                                                                                      \
  const catalogue::Entry name##3d_entry(#name "3d", [](catalogue::Samples& s) {                                                            \
    image_samples(s, name##3d, {{{2, 2, 3, 4, 3}, {1, 2, 2, 1, 0, 2}}, {{2, 3, 2, 4}, {1, 1, 1, 1, 1, 1}}});                               \
  });
XGRAD_PAD_ENTRIES(reflection_pad)
XGRAD_PAD_ENTRIES(replication_pad)

const catalogue::Entry pad_circular_entry("_pad_circular", [](catalogue::Samples& s) {
  for (const PadCase& c : {PadCase{{2, 3, 4}, {1, 2}}, PadCase{{2, 2, 3, 4}, {4, 0, 1, 3}}, PadCase{{2, 3, 4}, {-1, 2}}, PadCase{{1, 2, 3}, {-2, -1}},
                           PadCase{{1, 2, 2, 3, 2}, {1, 1, 2, 1, 0, 2}}})
    s.add("torch._C._nn._pad_circular(x[0], " + text(c.padding) + ")", {s.normal(c.input)}, [c](Inputs x) { return _pad_circular(x[0], c.padding); });
  s.rejects("twice around", "Padding value causes wrapping around more than once.", [] { _pad_circular(ones({1, 2, 3}), {1, 4}); });
  s.rejects("no batch", "Invalid padding size, expected 0 but got 2", [] { _pad_circular(ones({2, 3}), {1, 1}); });
  s.rejects("nothing left", "Negative padding value is resulting in an empty dimension", [] { _pad_circular(ones({1, 2, 3}), {-2, -2}); });
});

const catalogue::Entry pad_entry("pad", [](catalogue::Samples& s) {
  s.add("F.pad(x[0], (1, 2))", {s.normal({2, 3})}, [](Inputs x) { return pad(x[0], {1, 2}); });
  s.add("F.pad(x[0], (1, 2, 0, 1), value=-1.5)", {s.normal({2, 3})}, [](Inputs x) { return pad(x[0], {1, 2, 0, 1}, "constant", -1.5); });
  for (const char* mode : {"reflect", "replicate", "circular"}) {
    const std::string end = std::string(", mode='") + mode + "')";
    s.add("F.pad(x[0], (1, 2)" + end, {s.normal({1, 2, 3})}, [mode](Inputs x) { return pad(x[0], {1, 2}, mode); });
    if (mode[0] != 'c') s.add("F.pad(x[0], (2, 1)" + end, {s.normal({2, 3})}, [mode](Inputs x) { return pad(x[0], {2, 1}, mode); });
    s.add("F.pad(x[0], (1, 2, 2, 1)" + end, {s.normal({1, 2, 3, 3})}, [mode](Inputs x) { return pad(x[0], {1, 2, 2, 1}, mode); });
    s.add("F.pad(x[0], (1, 0, 2, 1, 1, 1)" + end, {s.normal({1, 2, 2, 3, 2})}, [mode](Inputs x) { return pad(x[0], {1, 0, 2, 1, 1, 1}, mode); });
  }
  s.flat("F.pad(x[0], (1, 2), mode='circular')", {s.integers({1, 2, 3}, -9, 9)}, [](Inputs x) { return pad(x[0], {1, 2}, "circular"); });
  s.rejects("half a pair", "Padding length must be divisible by 2", [] { pad(ones({3}), 1); });
  s.rejects("more pairs than axes", "Padding length too large", [] { pad(ones({3}), {1, 1, 1, 1}); });
  s.rejects("a value for a reflection", "Padding mode \"reflect\" doesn't take in value argument", [] { pad(ones({2, 3}), {1, 1}, "reflect", 2.0); });
  s.rejects("another word", "Unrecognised padding mode foo", [] { pad(ones({2, 3}), {1, 1}, "foo"); });
  s.rejects("a vector reflected", "Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now", [] {
    pad(ones({3}), {1, 1}, "reflect");
  });
  s.rejects("a reflection beyond the other edge",
            "Padding size should be less than the corresponding input dimension, but got: padding (1, 3) at dimension 1 of input [2, 3]", [] {
              pad(ones({2, 3}), {1, 3}, "reflect");
            });
});

}  // namespace

}}  // namespace torch::xgrad
