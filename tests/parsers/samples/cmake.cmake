# Part of the build.

# Add a library with our flags.
#
# add_pool(<name>)
function(add_pool NAME)
  cmake_parse_arguments(ARG "STATIC" "OUTPUT" "SOURCES" ${ARGN})
  if(ARG_STATIC)
    message(STATUS "function(not_one)")
  endif()
  add_library(${NAME} ${ARG_SOURCES})
endfunction()

#[=======================================================================[.rst:
Set a default
that can be changed.
#]=======================================================================]
MACRO(Set_Default variable
      value)
  set(${variable} ${value})
ENDMACRO(Set_Default)

function("quoted_${SUFFIX}")
  function(inner)
  endfunction()
endfunction()

#[[ Short. ]]
macro(empty)
endmacro()
