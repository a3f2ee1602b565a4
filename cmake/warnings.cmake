# The warnings our own targets are built with. Consumers never see them.
add_library(roamsync_warnings INTERFACE)
if(MSVC)
  target_compile_options(roamsync_warnings INTERFACE /W4 /permissive- $<$<BOOL:${ROAMSYNC_WERROR}>:/WX>)
else()
  target_compile_options(roamsync_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
    -Woverloaded-virtual -Wundef -Wimplicit-fallthrough
    # Options structs are filled by name; what is left out has its default.
    -Wno-missing-field-initializers
    # GCC 12 sees overruns, overlaps and uninitialised values in inlined std::vector, string and optional where there are none.
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-array-bounds;-Wno-maybe-uninitialized;-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread>
    $<$<BOOL:${ROAMSYNC_WERROR}>:-Werror>)
endif()
