// The same tests compiled as C++17; CMakeLists.txt sets the standard of this file.
#include "xtensor.cpp"
static_assert(__cplusplus < 202002L);
