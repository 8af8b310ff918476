#!/usr/bin/env bash
# Fails on an #include that points upward: layering.sh SOURCE
set -eu
cd "$1"
bad=0

# refuse FOLDER PATTERN: no file in FOLDER may include <xgrad/PATTERN...>
refuse() {
  [ -d "$1" ] || return 0
  if grep -rnE --include='*.h' --include='*.cpp' "#include [<\"](xgrad/)?($2)" "$1"; then
    echo "$1 must not include $2"
    bad=1
  fi
}
refuse autograd 'nn/|optim/|data/|io/|examples/|tests/|xgrad\.h|torch/'
refuse autograd/kernels 'autograd/(ops|tensor\.|tensor_impl|node|record|saved|engine|sweep|catalogue|pointwise|operators|in_place|anomaly)'
refuse nn 'optim/|data/|examples/|tests/|xgrad\.h|torch/'
refuse optim 'nn/|data/|examples/|tests/|xgrad\.h|torch/'
refuse data 'nn/|optim/|examples/|tests/|xgrad\.h|torch/'
refuse io 'optim/|data/|examples/|tests/|xgrad\.h|torch/'
exit $bad
