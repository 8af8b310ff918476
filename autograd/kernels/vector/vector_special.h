// Special functions of a double, without branches; the rules are those of vector_math.h. Quotients and polynomials are minimax fits.
#pragma once

#include <cmath>
#include <limits>

#include <xgrad/autograd/kernels/vector/vector_math_double.h>
#include <xgrad/autograd/kernels/vector/vector_power.h>

namespace torch { inline namespace xgrad { namespace kernels::vector_math {

/// The polynomial with these coefficients, that of the highest power first.
template <size_t n> double polynomial(const double (&c)[n], double x) {
  double q = c[0];
#pragma GCC unroll 32
  for (size_t i = 1; i < n; ++i) q = q * x + c[i];
  return q;
}

/// The x with erf(x) = a, within 3.5 units of the last place: a times a polynomial of w = -log(1 - a^2), or of its root where that is large.
inline double erfinv(double a) {
  constexpr double kCentre[] = {3.240704459379902e-21,  -1.113483769832702e-21,  -3.4996044354754177e-19, 1.150022252066253e-18,
                                1.557432024623325e-17,  -1.3016928016796445e-16, -4.0282154327661744e-17, 6.596407712420834e-15,
                                -4.001237735091896e-14, -8.118399443074353e-14,  2.6304834740560442e-12,  -1.2976885526532075e-11,
                                -5.414287198084716e-11, 1.0512181539804126e-09,  -4.11266082002324e-09,   -2.9070382262927266e-08,
                                4.234788173782339e-07,  -1.3654691850603575e-06, -1.3882523394405316e-05, 0.00018673420802464837,
                                -0.000740702534154477,  -0.00603367087142785,    0.2401581824255883,      1.6536545626831027};
  constexpr double kSides[] = {7.680200479077053e-09,   -1.5305397964152548e-08, -2.091453334773126e-08, 1.3158663683192966e-07,
                               -2.4549818963339823e-07, -2.761716223816241e-08,  1.4815977874022539e-06, -3.985705945648173e-06,
                               2.93257845538535e-06,    1.2465028224217455e-05,  -4.732068066544697e-05, 6.828711739251955e-05,
                               2.4031512865758357e-05,  -0.0003550378137852452,  0.0009532893415794137,  -0.0016882755354488555,
                               0.00249144209795696,     -0.0037512085082247342,  0.005370914553555033,   1.0052589676941655,
                               3.0838856104922208};
  constexpr double kEnds[] = {-1.712159990640191e-11,  3.361192804212616e-11,   7.529156983797272e-11, -4.063660838281056e-10,
                              1.1449088874684887e-09,  -2.9249043542429186e-09, 6.498011629568091e-09, -1.2584641903753362e-08,
                              2.426340879491322e-08,   -5.925104002934987e-08,  2.112500890820651e-07, -9.3804120052707e-07,
                              4.314923783834527e-06,   -1.885311693055218e-05,  7.298525531699585e-05, -0.0002057201851590528,
                              -0.00015843904954825202, 1.010291174119813,       4.8814781489772106};
  const double size = std::fabs(a), w = -wide::log((1 - size) * (1 + size)), root = std::sqrt(w);
  const double of_large = root < 4 ? polynomial(kSides, root - 3.25) : polynomial(kEnds, root - 5.03125);
  const double y = a * (w < 6.25 ? polynomial(kCentre, w - 3.125) : of_large);
  return size == 1 ? a * std::numeric_limits<double>::infinity() : y;
}

/// log |Gamma(a)| for a float a > -2.4, within 2^-31 of it.
inline double log_gamma(float a) {
  constexpr double kAbove[] = {0.03525005367583283, 5.434985503201864, 45.91888221854343, 80.15417618965996, 32.87190158862683, 2.320754224486136},
                   kBelow[] = {1.8319567051943186, 32.04155015332051, 115.43324642023848, 111.85443327473415, 26.701295717971256, 1},
                   kStirling[] = {0.0005073839178551303, -0.0005678125312636845, 0.0007926547607582699, -0.0027777647252895665, 0.08333333330549268};
  constexpr double kHalfLog2Pi = 0.91893853320467274, kInfinity = std::numeric_limits<double>::infinity();
  const double x = a;
  // From x on, over at most three poles, to z in [1/2, 3), where log Gamma(z) = (z - 1) (z - 2) times a quotient; or from 3 on Stirling's formula.
  const bool large = x >= 3, negative = x < 0, low = x < 0.5;
  const double z = x + (negative ? 3 : low ? 2 : 0), passed = (low ? x : 1) * (low ? x + 1 : 1) * (negative ? x + 2 : 1);
  const double argument = std::fabs(large ? x : passed), l = M_LN2 * log2_in_double(argument);
  const double quotient = (large ? 1 : polynomial(kAbove, z)) / (large ? x : polynomial(kBelow, z));
  const double of_large = (((x - 0.5) * l - x) + kHalfLog2Pi) + quotient * polynomial(kStirling, quotient * quotient);
  const double of_small = ((z - 1) * (z - 2) * quotient + 0.0) - l;  // 0, not -0, at 1
  const double y = large ? of_large : of_small;
  return argument == 0 || x == kInfinity ? kInfinity : y;
}

/// The derivative of log Gamma at a > -2.5, which may be an exact pole.
inline double digamma(double a) {
  constexpr double
      kAbove[] = {3.4696660136785486e-07, 0.00027890020627971667, 0.012733413692437308, 0.17320099180832582,
                  0.9522851820982186,     2.300459346462608,      2.2962688636517723,   0.6841666718147571},
      kBelow[] = {5.431784811215994e-05, 0.0035850513823832333, 0.06505226112455982, 0.4684729945283537, 1.5018710132909603, 2.0949180485167846, 1};
  constexpr double kAsymptotic[] = {4.341989509558764,    -3.3249481216435997,   1.24627572999957,     -0.3285250643233387,
                                    0.07795025879918514,  -0.02091781737943042,  0.007572055754069229, -0.004166619801794276,
                                    0.003968253659204217, -0.008333333332529919, 0.08333333333333298};
  constexpr double kRoot = 1.4616321449683622, kRootRest = 9.549995429965697e-17;
  // From a on, over at most three poles whose parts are `passed` / `poles`, to z in [1/2, 3), where digamma(z) = (z - root) / z times a
  // quotient; or from 3 on the logarithm and a series in 1/a.
  const bool large = a >= 3, one = a < 0.5, two = a < -0.5, three = a < -1.5;
  double passed = one ? 1 : 0, poles = one ? a : 1;
  passed = two ? passed * (a + 1) + poles : passed;
  poles = two ? poles * (a + 1) : poles;
  passed = three ? passed * (a + 2) + poles : passed;
  poles = three ? poles * (a + 2) : poles;
  const double z = a + (three ? 3 : two ? 2 : one ? 1 : 0);
  const double quotient = (large ? 1 : polynomial(kAbove, z)) / (large ? a : z * polynomial(kBelow, z)), square = quotient * quotient;
  const double of_large = wide::log(a) - (0.5 * quotient + square * polynomial(kAsymptotic, square));
  const double y = large ? of_large : ((z - kRoot) - kRootRest) * quotient - passed / poles;
  return ((a < 0) & (poles == 0)) ? std::numeric_limits<double>::quiet_NaN() : y;
}

}}}  // namespace torch::xgrad::kernels::vector_math
