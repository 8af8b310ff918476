// Prints which processor's kernels OpenBLAS uses.
#include <cblas.h>

#include <cstdio>

int main() { std::puts(openblas_get_corename()); }
