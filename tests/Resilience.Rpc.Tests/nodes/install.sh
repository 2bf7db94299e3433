#!/usr/bin/env bash
# Installs the nodes that the tests run against; nothing to do if they are there.
set -euo pipefail
cd "$(dirname "$0")"
if [ node_modules/.package-lock.json -nt package.json ]; then
  exit 0
fi
npm install --no-audit --no-fund --no-package-lock --ignore-scripts
touch node_modules/.package-lock.json
