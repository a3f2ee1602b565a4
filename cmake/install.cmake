# Install rules and the package `find_package(roamsync CONFIG)` finds.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/roamsync")
install(TARGETS roamsync EXPORT roamsyncTargets)
install(DIRECTORY include/roamsync DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT roamsyncTargets NAMESPACE roamsync:: DESTINATION "${package_dir}")
configure_package_config_file(cmake/roamsyncConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/roamsyncConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/roamsyncConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/roamsyncConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/roamsyncConfigVersion.cmake"
  cmake/Findutf8proc.cmake DESTINATION "${package_dir}")
