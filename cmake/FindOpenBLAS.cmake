# OpenBLAS itself, never another BLAS: defines OpenBLAS::OpenBLAS (cblas.h and the library, LAPACK included), and tells
# which processor's kernels it picks here.
find_path(OpenBLAS_INCLUDE_DIR NAMES openblas_config.h PATH_SUFFIXES openblas openblas-pthread openblas-serial openblas-openmp
  PATHS /usr/include/${CMAKE_LIBRARY_ARCHITECTURE})
find_library(OpenBLAS_LIBRARY NAMES openblas PATH_SUFFIXES openblas-pthread openblas-serial openblas-openmp)

if(OpenBLAS_LIBRARY AND OpenBLAS_INCLUDE_DIR AND NOT DEFINED OpenBLAS_CORE AND NOT CMAKE_CROSSCOMPILING)
  set(program ${CMAKE_CURRENT_BINARY_DIR}/openblas_core.cpp)
  file(WRITE ${program} "#include <cblas.h>\n#include <cstdio>\nint main() { std::puts(openblas_get_corename()); }\n")
  try_run(runs compiles ${CMAKE_CURRENT_BINARY_DIR}/openblas_core ${program}
    CMAKE_FLAGS -DINCLUDE_DIRECTORIES=${OpenBLAS_INCLUDE_DIR} LINK_LIBRARIES ${OpenBLAS_LIBRARY} RUN_OUTPUT_VARIABLE core)
  if(compiles AND runs EQUAL 0)
    string(STRIP "${core}" core)
    set(OpenBLAS_CORE "${core}" CACHE INTERNAL "The processor whose kernels OpenBLAS picks on this machine")
    message(STATUS "OpenBLAS uses its kernels for ${OpenBLAS_CORE}")
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenBLAS REQUIRED_VARS OpenBLAS_LIBRARY OpenBLAS_INCLUDE_DIR)
if(OpenBLAS_FOUND AND NOT TARGET OpenBLAS::OpenBLAS)
  add_library(OpenBLAS::OpenBLAS UNKNOWN IMPORTED)
  set_target_properties(OpenBLAS::OpenBLAS PROPERTIES
    IMPORTED_LOCATION ${OpenBLAS_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${OpenBLAS_INCLUDE_DIR})
endif()
mark_as_advanced(OpenBLAS_INCLUDE_DIR OpenBLAS_LIBRARY)
