# A part of the package that programs ask for by name, find_package(xgrad COMPONENTS NAME), and that Debian's packages split off:
#
#   xgrad_add_component(inspect TARGETS xgrad_inspect HEADERS inspect/inspect.h DESCRIPTION "Pictures of trainings")
#
# TARGETS are libraries that link xgrad. They are installed as xgrad::TARGET, or by their EXPORT_NAME; the first names the pkg-config file's library.
# HEADERS are public and included as <xgrad/HEADER>, with what they include; a component that has some has a pkg-config file xgrad-NAME. NEEDS are the
# packages that a program has to find to link TARGETS: none for what a shared library links privately. Said again for the same name, more of it:
# xgrad_add_component(static TARGETS xgrad_inspect_static).
function(xgrad_add_component name)
  cmake_parse_arguments(PARSE_ARGV 1 component "" "DESCRIPTION" "TARGETS;HEADERS;NEEDS")
  get_property(components GLOBAL PROPERTY XGRAD_COMPONENTS)
  if(NOT name IN_LIST components)
    set_property(GLOBAL APPEND PROPERTY XGRAD_COMPONENTS ${name})
  endif()
  foreach(property TARGETS HEADERS NEEDS DESCRIPTION)
    set_property(GLOBAL APPEND PROPERTY XGRAD_COMPONENT_${property}_${name} ${component_${property}})
  endforeach()
endfunction()

# Sets `variable` to one of those properties.
function(xgrad_get_component variable name property)
  get_property(value GLOBAL PROPERTY XGRAD_COMPONENT_${property}_${name})
  set(${variable} "${value}" PARENT_SCOPE)
endfunction()
