# ROAMSYNC_SANITIZE: a list for -fsanitize=, such as "address,undefined" or "thread". It holds for everything built here.
if(ROAMSYNC_SANITIZE)
  add_compile_options(-fsanitize=${ROAMSYNC_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${ROAMSYNC_SANITIZE})
  add_compile_definitions(XXH_NO_INLINE_HINTS=1)  # at -Og gcc cannot inline all that xxhash.h orders it to
endif()
# libFuzzer is led by the coverage of everything it runs; only its own programs get its main().
if(ROAMSYNC_BUILD_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
