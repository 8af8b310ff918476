// Whole numbers that a script in Python draws as well.
#pragma once

#include <cstdint>
#include <sstream>
#include <vector>

#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/io/archive.h>

/// x <- a x + c mod 2^64 with Knuth's a and c, of which the upper bits are used.
class Draws {
 public:
  explicit Draws(uint64_t seed = 12345) : x_(seed) {}
  int64_t operator()(int64_t n) {
    x_ = x_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<int64_t>(x_ >> 33) % n;
  }

 private:
  uint64_t x_;
};

template <class T> xgrad::Tensor tensor_of(const std::vector<T>& v) { return xgrad::tensor(v, xgrad::CppTypeToScalarType<T>::value); }

/// Saves `from` to a stream, and loads `to` from there.
template <class From, class To> void through_archive(const From& from, To& to) {
  std::stringstream stream;
  xgrad::serialize::OutputArchive out;
  from.save(out);
  out.save_to(stream);
  xgrad::serialize::InputArchive in;
  in.load_from(stream);
  to.load(in);
}
