// The numbers PyTorch 1.13.1 draws on a CPU after manual_seed(0).
#include <ostream>
#include <string>

#include <doctest/doctest.h>
#include "values.h"
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/autograd/tensor/operators.h>

using namespace xgrad;

namespace {

struct Stream {
  const char* call;
  Tensor (*run)();
  std::vector<Scalar> first;  // elements in row-major order
  uint64_t hash;              // FNV-1a of all elements' bytes in row-major order
};

#define STREAM(...) #__VA_ARGS__, [] { return Tensor(__VA_ARGS__); }

const Stream streams[] = {
    {STREAM(rand({5}, kFloat)), {0.49625659, 0.768221796, 0.0884774327, 0.132030487}, 0x2bdef8692c09594cu},
    {STREAM(randn({5}, kFloat)), {1.54099607, -0.293428898, -2.17878938, 0.568431258, -1.08452237}, 0x1f595cf55ba43a90u},
    {STREAM(randn({16}, kFloat)), {-1.12583983, -1.1523602, -0.250578582, -0.433878809}, 0x4f72e4bd09f40ed8u},
    {STREAM(randn({21}, kFloat)), {-1.12583983, -1.1523602, -0.250578582, -0.433878809}, 0x7a1efe039b839aa1u},
    {STREAM(randn({1000}, kFloat)), {-1.12583983, -1.1523602, -0.250578582, -0.433878809}, 0x11064119e297f72cu},
    {STREAM(empty({1000}, kFloat).normal_(0.7, 1.3)), {-0.763591707, -0.798068225, 0.374247849, 0.135957554}, 0x06355360eedb3422u},
    {STREAM(empty({7}, kFloat).normal_(0.7, 1.3)), {2.70329499, 0.318542421, -2.13242626, 1.43896067}, 0x3e2fadfad24877acu},
    {STREAM(empty({4, 10}, kFloat).t().normal_(0.7, 1.3)), {2.70329499, -0.075625971, 1.18151164, 1.37422776}, 0x3b1aa219766edf45u},
    {STREAM(empty({1000}, kFloat).uniform_(-0.3, 1.7)), {0.692513168, 1.23644352, -0.123045146, -0.0359390378}, 0xb5ee2ab9e84db6b4u},
    {STREAM(empty({3, 4}, kFloat).t().uniform_()), {0.49625659, 0.307422817, 0.455627978, 0.768221796}, 0x7d95b785e7c06a07u},
    {STREAM(empty({1000}, kFloat).exponential_(3.7)), {0.948196292, 0.332536429, 0.16622813, 0.685167193}, 0xc0e8c3f1959782a2u},
    {STREAM(empty({1000}, kFloat).bernoulli_(0.3)), {0, 0, 0, 0}, 0xbbdd9a7f07d3768au},
    {STREAM(empty({1000}, kFloat).bernoulli_(full({1000}, 0.3, kFloat))), {0, 0, 1, 1}, 0x318a340a9be433a3u},
    {STREAM(empty({100}, kFloat).random_()), {8325664, 12888472, 1484222, 2214888}, 0x8468cfe26112f240u},
    {STREAM(empty({100}, kFloat).random_(-5, 1000)), {999, 334, 768, 490}, 0x2526922cdde9bce7u},
    {STREAM(dropout(ones({1000}, kFloat), 0.3, true)), {0, 0, 1.42857146, 0}, 0xaf0e547cedf508a3u},
    {STREAM(rand_like(empty({4, 3}, kFloat).t())), {0.49625659, 0.132030487, 0.49009341, 0.632306278}, 0xce1d5330cb522e93u},
    {STREAM(randn_like(empty({4, 5}, kFloat).t())), {1.54099607, -1.39859545, -0.596635342, 0.122701243}, 0x5aac9085f947ccf3u},
    {STREAM(normal(arange(20, kFloat), arange(20, kFloat))), {0, -0.152360201, 1.49884284, 1.69836354}, 0xafe2ba606f8cdd2eu},
    {STREAM(normal(arange(20, kFloat), arange(20, kFloat))), {0, -0.152360201, 1.49884284, 1.69836354}, 0xafe2ba606f8cdd2eu},
    {STREAM(normal(0.25, arange(20, kFloat))), {0.25, -0.902360201, -0.251157165, -1.05163646}, 0x063b810c07aed31cu},
    {STREAM(rand({5}, kDouble)), {0.97005300180655307, 0.70781986439978795, 0.45938294312745087, 0.92074768412196029}, 0x87ce61cf26812d3au},
    {STREAM(randn({5}, kDouble)),
     {1.5409961082440433, -0.29342890576094638, -2.1787893820745574, 0.56843127728066778, -1.0845223424240209},
     0x9b3199fb8171d50cu},
    {STREAM(randn({16}, kDouble)), {-2.310411800234176, -0.3732508612577643, -1.0608166785462863, 0.99950935478117608}, 0x9f3f72b2f9a2817bu},
    {STREAM(randn({21}, kDouble)), {-2.310411800234176, -0.3732508612577643, -1.0608166785462863, 0.99950935478117608}, 0x09f0425d3690df37u},
    {STREAM(randn({1000}, kDouble)), {-2.310411800234176, -0.3732508612577643, -1.0608166785462863, 0.99950935478117608}, 0x4d4d55005cf4b18eu},
    {STREAM(empty({1000}, kDouble).normal_(0.7, 1.3)),
     {-2.3035353403044292, 0.21477388036490636, -0.67906168211017226, 1.999362161215529},
     0x9d659775e9f364c5u},
    {STREAM(empty({7}, kDouble).normal_(0.7, 1.3)),
     {2.7032949407172562, 0.31854242251076964, -2.1324261966969247, 1.4389606604648681},
     0xdc2d03ff777533c8u},
    {STREAM(empty({4, 10}, kDouble).t().normal_(0.7, 1.3)),
     {2.7032949407172562, -0.075625971399665537, 1.1815115933859599, 1.3742277736363457},
     0xa3aec42ac1c4ab1fu},
    {STREAM(empty({1000}, kDouble).uniform_(-0.3, 1.7)),
     {1.6401060036131061, 1.1156397287995758, 0.6187658862549017, 1.5414953682439205},
     0xfdff14eb923b1c6cu},
    {STREAM(empty({3, 4}, kDouble).t().uniform_()),
     {0.97005300180655307, 0.64502412012276478, 0.58134091980757452, 0.70781986439978795},
     0xde03d21a871fdc77u},
    {STREAM(empty({1000}, kDouble).exponential_(3.7)),
     {0.94819626667774093, 0.33253642275126394, 0.16622813348486795, 0.68516720113942742},
     0x09c29661c207debeu},
    {STREAM(empty({1000}, kDouble).bernoulli_(0.3)), {0, 0, 0, 0}, 0x5a3db7ef91121b1au},
    {STREAM(empty({1000}, kDouble).bernoulli_(full({1000}, 0.3, kFloat))), {0, 0, 1, 1}, 0x53c24d729e7b3b43u},
    {STREAM(empty({100}, kDouble).random_()), {8737460674930124, 6375474555111176, 4137753702977065, 8293357854226700}, 0x1723702de2f6e48au},
    {STREAM(empty({100}, kDouble).random_(-5, 1000)), {999, 334, 768, 490}, 0x6325c16f801cb966u},
    {STREAM(dropout(ones({1000}, kDouble), 0.3, true)), {0, 0, 1.4285714285714286, 0}, 0xc4eff8994ce2ccffu},
    {STREAM(rand_like(empty({4, 3}, kDouble).t())),
     {0.97005300180655307, 0.92074768412196029, 0.17860617520075095, 0.2882358921361502},
     0xbba5a75e2c567cd7u},
    {STREAM(randn_like(empty({4, 5}, kDouble).t())),
     {1.5409961082440433, -1.3985953953708767, -0.59663536261512728, 0.12270123916331216},
     0x0d429e9a9768495au},
    {STREAM(normal(arange(20, kDouble), arange(20, kDouble))), {0, 0.6267491387422357, -0.1216333570925725, 5.9985280643435281}, 0x482322ef058c5bf0u},
    {STREAM(normal(arange(20, kDouble), arange(20, kDouble))), {0, 0.6267491387422357, -0.1216333570925725, 5.9985280643435281}, 0x482322ef058c5bf0u},
    {STREAM(normal(0.25, arange(20, kDouble))), {0.25, -0.1232508612577643, -1.8716333570925725, 3.2485280643435281}, 0xe37d2fa394df6d2du},
    {STREAM(randint(10, {20})), {4, 9, 3, 0}, 0x008a995990c85f48u},
    {STREAM(randint(-5, 1000000000000, {20})), {223698446148, 183429960348, 633997767317, 526840177290}, 0x0ff5eaea9afcb143u},
    {STREAM(randint(3, 9, {20}, kFloat)), {5, 6, 8, 3}, 0x8ed2fa8bdfa53523u},
    {STREAM(empty({20}, kLong).random_()), {900450186894289455, 3969543146641149120, 1895649597198586619, 827948490035658087}, 0xbbc5af5311f9333du},
    {STREAM(empty({20}, kInt).random_()), {209652396, 398764591, 924231285, 1478610112}, 0xb67d1bd17feeab80u},
    {STREAM(empty({20}, kByte).random_()), {172, 47, 117, 192}, 0xb933696898048582u},
    {STREAM(empty({20}, kBool).random_()), {0, 1, 1, 0}, 0x4056003fbacd838eu},
    {STREAM(empty({20}, kInt).random_(-7, std::optional<int64_t>())), {209652382, 398764577, 924231271, 1478610098}, 0x68e15fdf0588fd2au},
    {STREAM(empty({20}, kLong).random_(INT64_MIN, std::optional<int64_t>())),
     {-8322921849960486353, -5253828890213626688, -7327722439656189189, -8395423546819117721},
     0x662b692d4d11823du},
    {STREAM(empty({20}, kBool).bernoulli_(0.7)), {0, 0, 1, 0}, 0xfc5d5ba225ff8f2eu},
    {STREAM(bernoulli(ones({20}, kLong), 0.4)), {0, 0, 0, 0}, 0x0fe27f784ca25603u},
    {STREAM(bernoulli(arange(20, kFloat) / 32)), {0, 0, 0, 0}, 0xce632191edf8e0dau},
    {STREAM(empty({1000}, kFloat).log_normal_(0.7, 1.3)), {14.9288406, 1.37512195, 0.118549317, 4.21631145}, 0xf32bc789ce49dbc2u},
    {STREAM(empty({7}, kFloat).log_normal_()), {59.2634163, 1.51155996, 0.0348194614, 8.47281265}, 0x32a6333ebfecf0aau},
    {STREAM(empty({4, 10}, kFloat).t().log_normal_(-1, 0.5)), {0.794929445, 0.272990674, 0.442726433, 0.476788819}, 0xca9ee24124f30126u},
    {STREAM(empty({1000}, kFloat).cauchy_(0.7, 1.3)), {14.4770479, 1.69419742, 0.533210874, 5.81299543}, 0x3565df1742c2ff85u},
    {STREAM(empty({1000}, kFloat).geometric_(0.3)), {1, 1, 3, 1}, 0xf495fa2141a4e688u},
    {STREAM(poisson(arange(1000, kFloat) / 50)), {0, 0, 0, 0}, 0x711fbb701d58096du},
    {STREAM(poisson(arange(1000, kFloat))), {0, 2, 3, 3}, 0x3edc63e22aaa7f74u},
    {STREAM(binomial(arange(1000, kFloat), arange(1000, kFloat) / 1000)), {0, 0, 0, 0}, 0xe69a38aace4101dau},
    {STREAM(binomial(arange(1000, kFloat), full({1000}, 0.01, kFloat))), {0, 0, 0, 0}, 0x3d066d84ae822430u},
    {STREAM(empty({1000}, kDouble).log_normal_(0.7, 1.3)),
     {14.928840419484102, 1.3751219560724701, 0.11854932068363006, 4.2163113598327016},
     0x8a8f4a5dae550cd5u},
    {STREAM(empty({7}, kDouble).log_normal_()),
     {59.263417880107518, 1.5115599370617072, 0.034819463096904937, 8.4728128957301418},
     0xd6c21dee7104c252u},
    {STREAM(empty({4, 10}, kDouble).t().log_normal_(-1, 0.5)),
     {0.7949294218006796, 0.27299066423929536, 0.44272643260471506, 0.47678881330969941},
     0x4a172e98dee89f68u},
    {STREAM(empty({1000}, kDouble).cauchy_(0.7, 1.3)),
     {14.477048124686986, 1.69419743748767, 0.53321085529187362, 5.8129953042930449},
     0x9884c2f552fab9adu},
    {STREAM(empty({1000}, kDouble).geometric_(0.3)), {1, 1, 3, 1}, 0x70d724de97588042u},
    {STREAM(poisson(arange(1000, kDouble) / 50)), {0, 0, 0, 0}, 0xfb19d48724142e4au},
    {STREAM(poisson(arange(1000, kDouble))), {0, 2, 3, 3}, 0x824ac599bbbdfdb1u},
    {STREAM(binomial(arange(1000, kDouble), arange(1000, kDouble) / 1000)), {0, 0, 0, 0}, 0xc135ddf9a337980au},
    {STREAM(binomial(arange(1000, kDouble), full({1000}, 0.01, kDouble))), {0, 0, 0, 0}, 0x800ada80a12ad339u},
    {STREAM(empty({100}, kLong).geometric_(0.05)), {1, 7, 16, 2}, 0x426cf51a9512abbau},
    {STREAM(empty({100}, kInt).geometric_(0.05)), {1, 7, 16, 2}, 0x61b4295edf5df6dau},
    {STREAM(empty({100}, kByte).geometric_(0.05)), {1, 7, 16, 2}, 0xc2720dd06b91ebb6u},
    {STREAM(empty({100}, kByte).geometric_(0.005)), {7, 69, 156, 17}, 0xe516f8532c2d39e2u},
    {STREAM(randperm(10)), {4, 1, 7, 5, 3, 9, 0, 8, 6, 2}, 0xce17b7f9266f8922u},
    {STREAM(randperm(1000)), {44, 37, 675, 775}, 0xfc99111e59345897u},
    {STREAM(randperm(100, kInt)), {44, 19, 93, 90}, 0x5d1806654b4da283u},
    {STREAM(randperm(100, kDouble)), {44, 19, 93, 90}, 0x8dc98b6b4c28b87au},
};

}  // namespace

TEST_CASE("the same seed gives PyTorch's numbers") {
  for (const Stream& s : streams) {
    INFO(std::string(s.call));
    manual_seed(0);
    const Tensor t = s.run();
    const Tensor rows = t.contiguous();
    dispatch_all(t.dtype(), "streams", [&](auto zero) {
      using T = decltype(zero);
      for (size_t i = 0; i < s.first.size(); ++i) CHECK(reinterpret_cast<const T*>(rows.data_ptr())[i] == s.first[i].to<T>());
    });
    CHECK(hash_of(t) == s.hash);
  }
}

TEST_CASE("draws into a part of what has a graph are those into a part of any tensor") {
  const auto drawn = [](const Tensor& whole) {
    const Tensor part = whole.slice(1, 0, 8, 2);  // 16 elements with gaps between them
    manual_seed(0);
    return part.normal_().detach();
  };
  CHECK(drawn(zeros({4, 8}).requires_grad_() * 1).equal(drawn(zeros({4, 8}))));
}
