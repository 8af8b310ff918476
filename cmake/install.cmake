# What `cmake --install` puts where: libraries, headers, the CMake package and the pkg-config files.
include(CMakePackageConfigHelpers)

set(XGRAD_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/xgrad)

install(TARGETS xgrad xgrad_torch xgrad_inspect EXPORT xgradTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT xgradTargets NAMESPACE xgrad:: DESTINATION ${XGRAD_PACKAGE_DIR})
# Apart, because only the static library makes its user find OpenBLAS and zlib.
if(TARGET xgrad_static)
  install(TARGETS xgrad_static xgrad_inspect_static EXPORT xgradStaticTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT xgradStaticTargets NAMESPACE xgrad:: DESTINATION ${XGRAD_PACKAGE_DIR})
endif()

set(headers ${CMAKE_INSTALL_INCLUDEDIR}/xgrad)
if(NOT IS_ABSOLUTE ${headers})
  set(headers "\${CMAKE_INSTALL_PREFIX}/${headers}")
endif()
install(CODE "set(SOURCE \"${CMAKE_CURRENT_SOURCE_DIR}\")\nset(DESTINATION \"${headers}\")")
install(SCRIPT cmake/install_headers.cmake)
install(FILES ${XGRAD_FORWARD_INCLUDE}/xgrad/xtensor.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/xgrad)
install(DIRECTORY compat/ ${XGRAD_COMPAT_INCLUDE}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/xgrad-torch FILES_MATCHING PATTERN "*.h")

configure_package_config_file(cmake/xgradConfig.cmake.in xgradConfig.cmake
  INSTALL_DESTINATION ${XGRAD_PACKAGE_DIR} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(xgradConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/xgradConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/xgradConfigVersion.cmake
  cmake/FindOpenBLAS.cmake DESTINATION ${XGRAD_PACKAGE_DIR})

# Relative to the file itself, so that the installed tree can be moved.
file(RELATIVE_PATH XGRAD_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
foreach(name xgrad xgrad-torch xgrad-inspect)
  configure_file(cmake/${name}.pc.in ${name}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
