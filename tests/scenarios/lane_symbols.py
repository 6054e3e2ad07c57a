"""No function compiled for AVX2 or AVX-512 may be callable from elsewhere by chance.

    lane_symbols.py OBJECT…

A template or inline function that several files need is emitted in each (a weak symbol), and the linker keeps any one of
them. If that one uses an instruction set that the processor lacks, the program dies in code that has nothing to do with
lanes. So every function that the lanes' objects define must carry its instruction set in its name.
"""

import re
import subprocess
import sys

TAGS = {"lanes_avx2.cpp": "avx2", "lanes_avx512.cpp": "avx512"}
checked = set()
for path in sys.argv[1:]:
    tag = next((tag for source, tag in TAGS.items() if f"/{source}." in path), None)
    if tag is None:
        continue
    listing = subprocess.run(["nm", "--defined-only", "-C", path], check=True, capture_output=True, text=True).stdout
    names = [re.split(r" ([A-Za-z]) ", line, maxsplit=1) for line in listing.splitlines()]
    functions = [name for _, kind, name in names if kind in "TWi"]
    assert functions, f"{path}: no function at all"
    strangers = [name for name in functions if tag not in name.lower()]
    if strangers:
        sys.exit("\n".join([f"{path} defines functions that others may be given:", *strangers]))
    checked.add(tag)
assert checked == set(TAGS.values()), f"only {checked} found among {sys.argv[1:]}"
print("every function carries its instruction set")
