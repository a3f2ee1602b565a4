#!/usr/bin/env bash
# Installs what is missing, builds roamsync with warnings as errors, and runs every test.
#   bash tests/run.sh [options for ctest, such as -L plan]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash cmake/install_debian_packages.sh library command tests
cmake --preset dev
cmake --build --preset dev --parallel "$(nproc)"
ctest --preset dev --parallel "$(nproc)" "$@"
