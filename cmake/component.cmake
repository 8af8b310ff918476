# A part of the package that programs ask for by name, find_package(xgrad COMPONENTS NAME), and that Debian's packages split off:
#
#   xgrad_add_component(inspect TARGETS xgrad_inspect [HEADERS inspect/inspect.h] [NEEDS MPI] [REQUIRES ...])
#
# TARGETS are libraries that link xgrad and whose folder is named like the component; they are installed as xgrad::TARGET. HEADERS are public and
# included as <xgrad/HEADER>, with what they include. NEEDS are the packages that a program has to find to link TARGETS: none for what a shared
# library links privately. A shared library gets a pkg-config file xgrad-NAME, which takes REQUIRES of others.
function(xgrad_add_component name)
  cmake_parse_arguments(PARSE_ARGV 1 component "" "" "TARGETS;HEADERS;NEEDS;REQUIRES")
  set_property(GLOBAL APPEND PROPERTY XGRAD_COMPONENTS ${name})
  foreach(property TARGETS HEADERS NEEDS REQUIRES)
    set_property(GLOBAL PROPERTY XGRAD_COMPONENT_${property}_${name} ${component_${property}})
  endforeach()
endfunction()

# One of those properties.
function(xgrad_component_property variable name property)
  get_property(value GLOBAL PROPERTY XGRAD_COMPONENT_${property}_${name})
  set(${variable} "${value}" PARENT_SCOPE)
endfunction()
