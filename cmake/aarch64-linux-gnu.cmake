# Cross-compiles for 64-bit ARM on Debian and runs what was built under qemu: cmake --preset aarch64, or make test-aarch64,
# which installs the compiler and qemu and lets cmake/aarch64-libraries.sh fetch the libraries.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

# Libraries come from here alone; headers without object code (doctest, xtensor) are those of this machine.
set(XGRAD_AARCH64_LIBRARIES ${CMAKE_CURRENT_LIST_DIR}/../build/aarch64-libraries CACHE PATH "Where aarch64-libraries.sh put OpenBLAS and zlib")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES XGRAD_AARCH64_LIBRARIES)
get_filename_component(libraries ${XGRAD_AARCH64_LIBRARIES} ABSOLUTE)
set(CMAKE_FIND_ROOT_PATH ${libraries} /usr/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE BOTH)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)

# Where the linker and the loader find what the libraries need themselves.
set(folders ${libraries}/usr/lib/aarch64-linux-gnu ${libraries}/usr/lib/aarch64-linux-gnu/openblas-pthread ${libraries}/lib/aarch64-linux-gnu)
list(JOIN folders ":" folders)
set(CMAKE_EXE_LINKER_FLAGS_INIT -Wl,-rpath-link,${folders})

# A processor that people have, with NEON and without SVE, and not one that changes with qemu's version.
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static -cpu neoverse-n1 -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH=${folders})
