"""The Python of docs/weights.md is run as it stands there, with the example between its first piece and the others: guide.py GUIDE EXAMPLE..."""

import os
import re
import subprocess
import sys
import tempfile

try:
    import torch  # noqa: F401
except ImportError as missing:
    print(f"skipped: {missing}; Debian's python3-torch has it")
    sys.exit(77)

blocks = re.findall(r"^```python\n(.*?)^```$", open(sys.argv[1]).read(), re.MULTILINE | re.DOTALL)
example = [os.path.abspath(sys.argv[2]), *sys.argv[3:]]
names = {"__name__": "guide"}
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for number, block in enumerate(blocks):
        exec(compile(block, f"block {number}", "exec"), names)
        if number == 0:
            subprocess.run([*example, "--folder", folder], check=True)
print(f"{len(blocks)} blocks of Python")
assert len(blocks) > 3
