# ROAMSYNC_SANITIZE: a list for -fsanitize=, such as "address,undefined" or "thread". It holds for everything built here.
if(ROAMSYNC_SANITIZE)
  add_compile_options(-fsanitize=${ROAMSYNC_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${ROAMSYNC_SANITIZE})
endif()
