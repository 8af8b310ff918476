// Printed tensors, against what libtorch 1.13.1 prints.
#include <cmath>
#include <iomanip>
#include <sstream>

#include <doctest/doctest.h>

#include "printed.h"
#include "values.h"
#include <xgrad/autograd/ops/ops.h>

using namespace xgrad;

namespace {

}  // namespace

TEST_CASE("tensors print as libtorch prints them") {
  CHECK(printed(Tensor()) == "[ Tensor (undefined) ]");
  CHECK(printed(tensor(1.5)) == R"(1.5
[ CPUFloatType{} ])");
  CHECK(printed(tensor(3)) == R"(3
[ CPULongType{} ])");
  CHECK(printed(tensor(true)) == R"(1
[ CPUBoolType{} ])");
  CHECK(printed(tensor(1e-7)) == R"(1e-07
[ CPUFloatType{} ])");
  CHECK(printed(tensor(123456789.0)) == R"(1.23457e+08
[ CPUFloatType{} ])");
  CHECK(printed(tensor(kNaN)) == R"(nan
[ CPUFloatType{} ])");
  CHECK(printed(tensor(-kInf)) == R"(-inf
[ CPUFloatType{} ])");
  CHECK(printed(tensor(1e10, kDouble)) == R"(1e+10
[ CPUDoubleType{} ])");
  CHECK(printed(empty({0})) == "[ CPUFloatType{0} ]");
  CHECK(printed(empty({2, 0, 3})) == "[ CPUFloatType{2,0,3} ]");
  CHECK(printed(tensor({1, 2, 3})) == R"( 1
 2
 3
[ CPULongType{3} ])");
  CHECK(printed(tensor({1, -20, 300})) == R"(   1
 -20
 300
[ CPULongType{3} ])");
  CHECK(printed(tensor({-100, 2, 3})) == R"(-100
   2
   3
[ CPULongType{3} ])");
  CHECK(printed(tensor({true, false})) == R"( 1
 0
[ CPUBoolType{2} ])");
  CHECK(printed(tensor({1, 2}, kByte)) == R"( 1
 2
[ CPUByteType{2} ])");
  CHECK(printed(tensor({1.0, 2.0})) == R"( 1
 2
[ CPUFloatType{2} ])");
  CHECK(printed(tensor({1.5, 2.25, -3.75})) == R"( 1.5000
 2.2500
-3.7500
[ CPUFloatType{3} ])");
  CHECK(printed(tensor({1e-5, 1.0})) == R"( 1.0000e-05
 1.0000e+00
[ CPUFloatType{2} ])");
  CHECK(printed(tensor({1e-5, 2e-5})) == R"(1e-05 *
 1.0000
 2.0000
[ CPUFloatType{2} ])");
  CHECK(printed(tensor({1e5, 2.5})) == R"( 1.0000e+05
 2.5000e+00
[ CPUFloatType{2} ])");
  CHECK(printed(tensor({123456.5, 234567.25})) == R"(1e+05 *
 1.2346
 2.3457
[ CPUFloatType{2} ])");
  CHECK(printed(tensor({0.001, 0.002})) == R"(0.001 *
 1.0000
 2.0000
[ CPUFloatType{2} ])");
  CHECK(printed(tensor({1e10, 1.0})) == R"( 1.0000e+10
 1.0000e+00
[ CPUFloatType{2} ])");
  CHECK(printed(tensor({kInf, -kInf, kNaN})) == R"(inf
-inf
nan
[ CPUFloatType{3} ])");
  CHECK(printed(tensor({kNaN, 1.5, kInf})) == R"(    nan
 1.5000
    inf
[ CPUFloatType{3} ])");
  CHECK(printed(tensor({0.0, 0.5})) == R"( 0.0000
 0.5000
[ CPUFloatType{2} ])");
  CHECK(printed(tensor({1e300, 1e-300}, kDouble)) == R"( 1.0000e+300
 1.0000e-300
[ CPUDoubleType{2} ])");
  CHECK(printed(tensor({-1e6, 1.5})) == R"(-1.0000e+06
 1.5000e+00
[ CPUFloatType{2} ])");
  CHECK(printed(tensor({0.5, -1e6})) == R"( 0.5000
-1000000.0000
[ CPUFloatType{2} ])");
  CHECK(printed(tensor({{1., 2.}, {3., 4.}})) == R"( 1  2
 3  4
[ CPUFloatType{2,2} ])");
  CHECK(printed(tensor({{1e-5, 2e-5}, {3e-5, 4e-5}})) == R"(1e-05 *
 1.0000  2.0000
  3.0000  4.0000
[ CPUFloatType{2,2} ])");
  CHECK(printed(tensor({{1e6, 2.5e6}, {3e6, 4.25e6}})) == R"(   1e+06  2.5e+06
   3e+06 4.25e+06
[ CPUFloatType{2,2} ])");
  CHECK(printed(tensor({{123456., 2.5}, {1., 0.5}})) == R"( 1.2346e+05  2.5000e+00
 1.0000e+00  5.0000e-01
[ CPUFloatType{2,2} ])");
  CHECK(printed(arange(60).view({2, 30})) == R"(Columns 1 to 20  0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15  16  17  18  19
 30  31  32  33  34  35  36  37  38  39  40  41  42  43  44  45  46  47  48  49

Columns 21 to 30 20  21  22  23  24  25  26  27  28  29
 50  51  52  53  54  55  56  57  58  59
[ CPULongType{2,30} ])");
  CHECK(printed(arange(10).view({1, 10}).to(kFloat) / 3) == R"( 0.0000  0.3333  0.6667  1.0000  1.3333  1.6667  2.0000  2.3333  2.6667  3.0000
[ CPUFloatType{1,10} ])");
  CHECK(printed(arange(11).view({1, 11}).to(kFloat) / 3) ==
        R"(Columns 1 to 10 0.0000  0.3333  0.6667  1.0000  1.3333  1.6667  2.0000  2.3333  2.6667  3.0000

Columns 11 to 11 3.3333
[ CPUFloatType{1,11} ])");
  CHECK(printed(arange(24).view({2, 3, 4})) == R"((1,.,.) = 
   0   1   2   3
   4   5   6   7
   8   9  10  11

(2,.,.) = 
  12  13  14  15
  16  17  18  19
  20  21  22  23
[ CPULongType{2,3,4} ])");
  CHECK(printed(arange(24).view({2, 3, 4}).to(kFloat) * 1e-5) == R"((1,.,.) = 
 0.0001 *
  0.0000  0.1000  0.2000  0.3000
   0.4000  0.5000  0.6000  0.7000
   0.8000  0.9000  1.0000  1.1000

(2,.,.) = 
 0.0001 *
  1.2000  1.3000  1.4000  1.5000
   1.6000  1.7000  1.8000  1.9000
   2.0000  2.1000  2.2000  2.3000
[ CPUFloatType{2,3,4} ])");
  CHECK(printed(arange(24).view({2, 2, 2, 3}).to(kFloat) / 2) == R"((1,1,.,.) = 
  0.0000  0.5000  1.0000
  1.5000  2.0000  2.5000

(2,1,.,.) = 
  6.0000  6.5000  7.0000
  7.5000  8.0000  8.5000

(1,2,.,.) = 
  3.0000  3.5000  4.0000
  4.5000  5.0000  5.5000

(2,2,.,.) = 
   9.0000   9.5000  10.0000
  10.5000  11.0000  11.5000
[ CPUFloatType{2,2,2,3} ])");
  CHECK(printed(ones({1, 1, 1, 1, 1})) == R"((1,1,1,.,.) = 
  1
[ CPUFloatType{1,1,1,1,1} ])");
  CHECK(printed((arange(80).view({2, 2, 20}).to(kDouble) + 1) * 1e7 + 0.25) == R"((1,.,.) = 
 Columns 1 to 9 1e+08 *
  0.1000  0.2000  0.3000  0.4000  0.5000  0.6000  0.7000  0.8000  0.9000
   2.1000  2.2000  2.3000  2.4000  2.5000  2.6000  2.7000  2.8000  2.9000

Columns 10 to 18 1e+08 *
  1.0000  1.1000  1.2000  1.3000  1.4000  1.5000  1.6000  1.7000  1.8000
   3.0000  3.1000  3.2000  3.3000  3.4000  3.5000  3.6000  3.7000  3.8000

Columns 19 to 20 1e+08 *
  1.9000  2.0000
   3.9000  4.0000

(2,.,.) = 
 Columns 1 to 9 1e+08 *
  4.1000  4.2000  4.3000  4.4000  4.5000  4.6000  4.7000  4.8000  4.9000
   6.1000  6.2000  6.3000  6.4000  6.5000  6.6000  6.7000  6.8000  6.9000

Columns 10 to 18 1e+08 *
  5.0000  5.1000  5.2000  5.3000  5.4000  5.5000  5.6000  5.7000  5.8000
   7.0000  7.1000  7.2000  7.3000  7.4000  7.5000  7.6000  7.7000  7.8000

Columns 19 to 20 1e+08 *
  5.9000  6.0000
   7.9000  8.0000
[ CPUDoubleType{2,2,20} ])");
  CHECK(printed(ones({2, 2}, requires_grad())) == R"( 1  1
 1  1
[ CPUFloatType{2,2} ])");
  CHECK(printed(ones({2}, requires_grad()) * 2) == R"( 2
 2
[ CPUFloatType{2} ])");
  CHECK(printed(full({2, 2}, -7, kInt)) == R"(-7 -7
-7 -7
[ CPUIntType{2,2} ])");
  CHECK(printed(linspace(-1, 1, 13)) == R"(-1.0000e+00
-8.3333e-01
-6.6667e-01
-5.0000e-01
-3.3333e-01
-1.6667e-01
-2.9802e-08
 1.6667e-01
 3.3333e-01
 5.0000e-01
 6.6667e-01
 8.3333e-01
 1.0000e+00
[ CPUFloatType{13} ])");
}

TEST_CASE("numbers, sizes, lists and indices print as in libtorch") {
  using namespace xgrad::indexing;
  CHECK(printed(ones({2, 3}).sizes()) == "[2, 3]");
  CHECK(printed(ones({}).sizes()) == "[]");
  CHECK(printed(Scalar(1.5)) == "1.5");
  CHECK(printed(Scalar(3)) == "3");
  CHECK(printed(Scalar(true)) == "true");
  CHECK(printed(Scalar(1e-8)) == "1e-08");
  CHECK(printed(kFloat) == "Float");
  CHECK(printed(Slice(1, 5, 2)) == "1:5:2");
  CHECK(printed(std::vector<TensorIndex>{Slice(), 1, None, Ellipsis, false}) == "(0:9223372036854775807:1, 1, None, ..., false)");
  CHECK(printed(std::vector<Tensor>{ones({1}), zeros({2})}) == " 1\n[ CPUFloatType{1} ]  0\n 0\n[ CPUFloatType{2} ]");
}

TEST_CASE("element types print as C++ spells them, and ScalarTypes by their names") {
  const std::pair<ScalarType, const char*> types[] = {{kFloat, "float"},   {kDouble, "double"},      {kInt, "int"},
                                                      {kLong, "long int"}, {kByte, "unsigned char"}, {kBool, "bool"}};
  for (const auto& [type, name] : types) {
    const Tensor x = zeros({2}, type);
    CHECK(printed(x.dtype()) == name);
    CHECK(x.dtype().name() == name);
    CHECK(x.dtype().itemsize() == static_cast<size_t>(x.element_size()));
    CHECK(printed(x.scalar_type()) == toString(type));
    CHECK(printed(typeMetaToScalarType(x.dtype())) == toString(type));
    CHECK((x.dtype() == type));
    CHECK((type == x.dtype()));
    CHECK((x.dtype() == x.options().dtype()));
    CHECK((zeros({1}).to(x.dtype()).dtype() == type));
    CHECK((zeros({1}, x.dtype()).dtype() == type));
    CHECK((zeros({1}, dtype(x.dtype())).dtype() == type));
  }
  CHECK(printed(get_default_dtype()) == "float");
}

TEST_CASE("options print what is stated and what is not") {
  CHECK(printed(zeros({2}, kLong).options()) ==
        "TensorOptions(dtype=long int, device=cpu, layout=Strided, requires_grad=false (default), pinned_memory=false (default), "
        "memory_format=(nullopt))");
  CHECK(printed(TensorOptions()) ==
        "TensorOptions(dtype=float (default), device=cpu (default), layout=Strided (default), "
        "requires_grad=false (default), pinned_memory=false (default), memory_format=(nullopt))");
  CHECK(printed(TensorOptions(kDouble).requires_grad(true)) ==
        "TensorOptions(dtype=double, device=cpu (default), layout=Strided (default), "
        "requires_grad=true, pinned_memory=false (default), memory_format=(nullopt))");
  CHECK(printed(TensorOptions(kCPU).layout(kStrided).memory_format(MemoryFormat::Contiguous).pinned_memory(false)) ==
        "TensorOptions(dtype=float (default), device=cpu, layout=Strided, requires_grad=false (default), pinned_memory=false, "
        "memory_format=Contiguous)");
  CHECK(printed(Device("cuda:1")) == "cuda:1");
  CHECK(printed(kCPU) == "cpu");
  CHECK(printed(ones({1}).device()) == "cpu");
  CHECK(printed(ones({1}).layout()) == "Strided");
}

TEST_CASE("printing leaves the stream's format as it was") {
  std::ostringstream out;
  out << std::fixed << std::setprecision(2) << tensor({1.5, 2.}) << " " << 1.23456;
  CHECK(out.str() == " 1.5000\n 2.0000\n[ CPUFloatType{2} ] 1.23");
}
