# What `cmake --install` puts where: libraries, headers, the CMake package and the pkg-config files. What programs run with is of the install
# component "runtime", or of that named like a component of the package; what they are compiled with, of "development".
include(CMakePackageConfigHelpers)

set(XGRAD_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/xgrad)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME development)
get_property(XGRAD_COMPONENTS GLOBAL PROPERTY XGRAD_COMPONENTS)

# Libraries, of which the targets go to a file of their own.
function(xgrad_install_targets export runtime)
  install(TARGETS ${ARGN} EXPORT ${export}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${runtime} NAMELINK_COMPONENT development
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
  install(EXPORT ${export} NAMESPACE xgrad:: DESTINATION ${XGRAD_PACKAGE_DIR} COMPONENT development)
endfunction()
# A pkg-config file, relative to itself, so that the installed tree can be moved.
file(RELATIVE_PATH XGRAD_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
function(xgrad_install_pkg_config template name)
  configure_file(cmake/${template}.pc.in ${name}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()

xgrad_install_targets(xgradTargets runtime xgrad xgrad_torch)
xgrad_install_pkg_config(xgrad xgrad)
xgrad_install_pkg_config(xgrad-torch xgrad-torch)

set(component_headers)
set(XGRAD_COMPONENT_NEEDS)
foreach(component IN LISTS XGRAD_COMPONENTS)
  foreach(property TARGETS HEADERS NEEDS DESCRIPTION)
    xgrad_get_component(${property} ${component} ${property})
  endforeach()
  xgrad_install_targets(xgrad-${component}-targets ${component} ${TARGETS})
  list(APPEND component_headers ${HEADERS})
  string(APPEND XGRAD_COMPONENT_NEEDS "set(_xgrad_${component}_needs ${NEEDS})\n")
  if(HEADERS)
    list(GET TARGETS 0 library)
    xgrad_install_pkg_config(component xgrad-${component})
  endif()
endforeach()

set(headers ${CMAKE_INSTALL_INCLUDEDIR}/xgrad)
if(NOT IS_ABSOLUTE ${headers})
  set(headers "\${CMAKE_INSTALL_PREFIX}/${headers}")
endif()
install(CODE "set(SOURCE \"${CMAKE_CURRENT_SOURCE_DIR}\")\nset(DESTINATION \"${headers}\")\nset(COMPONENT_HEADERS \"${component_headers}\")")
install(SCRIPT cmake/install_headers.cmake)
install(FILES ${XGRAD_FORWARD_INCLUDE}/xgrad/xtensor.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/xgrad)
install(DIRECTORY compat/ ${XGRAD_COMPAT_INCLUDE}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/xgrad-torch FILES_MATCHING PATTERN "*.h")

configure_package_config_file(cmake/xgradConfig.cmake.in xgradConfig.cmake
  INSTALL_DESTINATION ${XGRAD_PACKAGE_DIR} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(xgradConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/xgradConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/xgradConfigVersion.cmake
  cmake/FindOpenBLAS.cmake DESTINATION ${XGRAD_PACKAGE_DIR})
