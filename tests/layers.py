"""Reads every #include and fails on an arrow that points back: model <- solvers <- scenarios <- io <- apps.

    layers.py ROOT         prints one line per violation; exit status 1 if there is any
    layers.py --self-test  breaks each rule on purpose in a scratch tree, and fails if one goes unnoticed
"""

import re
import sys
import tempfile
from pathlib import Path

# Who may include what. Nobody includes bench or tests but they themselves.
LAYERS = ["model", "solvers", "scenarios", "io", "apps"]
ARROWS = {layer: LAYERS[: i + 1] for i, layer in enumerate(LAYERS)}
ARROWS["web"] = ["model", "solvers", "scenarios", "web"]
ARROWS["bench"] = LAYERS + ["bench"]
ARROWS["tests"] = LAYERS + ["tests"]

# What the WebAssembly build shares must do without the libraries of the border, and without what its libc++ 13 lacks.
SHARED = ["model", "solvers", "scenarios", "web"]
LIBRARIES = {  # first part of the include: folders that may not use it
    "HDF5": (r"hdf5|H5\w*\.h", SHARED),
    "toml++": (r"toml(\+\+|\.hpp)", SHARED),
    "nlohmann_json": (r"nlohmann/", SHARED),
    "fmt": (r"fmt/", SHARED),
    "CLI11": (r"CLI/", SHARED + ["io"]),
    "missing in Emscripten": (r"(format|source_location|ranges|stop_token)$", SHARED),
}
MISSING_IN_EMSCRIPTEN = r"\bstd::(bit_cast|format|source_location|jthread|stop_token|ranges|views)\b"

# model: the standard library, but no I/O, clock, thread or allocation, and no libm, whose bits differ between machines.
NOT_IN_MODEL = set(
    "cmath cstdio iostream istream ostream fstream sstream iomanip filesystem chrono ctime thread mutex future "
    "vector deque list map set unordered_map unordered_set".split()
)

OPENMP = re.compile(r"#\s*pragma\s+omp\b|_Pragma\s*\(\s*\"omp\b|#\s*include\s*<omp\.h>")
INCLUDE = re.compile(r"^\s*#\s*include\b\s*(.*?)\s*$", re.M)
TOKEN = re.compile(r'(//[^\n]*|/\*.*?\*/)|R"(\w*)\(.*?\)\2"|("(?:\\.|[^"\\\n])*")|\'(?:\\.|[^\'\\\n])\'', re.S)


def code_of(text):
    """The text without comments and raw strings, lines kept."""
    return TOKEN.sub(lambda m: m[3] if m[3] else "\n" * m[0].count("\n"), text)


def complaints_about(root, folder, code):
    for spelled in INCLUDE.findall(code):
        name = spelled[1:-1]
        if spelled.startswith('"'):
            owner = name.split("/")[0]
            if name == "coronet_version.hpp":
                if folder not in ("io", "apps", "tests", "bench"):
                    yield f"{folder} must not know the version"
            elif not (root / name).is_file():
                yield f'"{name}" is not a path from the root of the project'
            elif owner not in ARROWS[folder]:
                yield f'{folder} must not include "{name}"'
        elif spelled.startswith("<"):
            for library, (pattern, folders) in LIBRARIES.items():
                if folder in folders and re.match(pattern, name):
                    yield f"<{name}> ({library}) is not for {folder}"
            if folder == "model" and (name in NOT_IN_MODEL or not re.fullmatch(r"[a-z_0-9]+", name)):
                yield f"<{name}> is not for model"
        else:
            yield f"#include {spelled} cannot be checked"
    if folder in SHARED:
        for match in re.finditer(MISSING_IN_EMSCRIPTEN, code):
            yield f"{match[0]} is missing in Emscripten"


def violations(root):
    found, openmp, read = [], [], 0
    for folder in ARROWS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".hpp", ".cpp", ".h", ".inl") or "node_modules" in path.parts:
                continue
            read += 1
            code = code_of(path.read_text(encoding="utf-8"))
            where = path.relative_to(root)
            found += [f"{where}: {complaint}" for complaint in complaints_about(root, folder, code)]
            if OPENMP.search(code):
                openmp.append(where)
    found += [f"{path}: OpenMP belongs to solvers" for path in openmp if path.parts[0] != "solvers"]
    inside = [str(path) for path in openmp if path.parts[0] == "solvers"]
    if len(inside) > 1:
        found.append(f"OpenMP stays in one file of solvers, not in {', '.join(inside)}")
    if not read:
        found.append(f"no source file under {root}")
    return found


SOUND = {
    "model/a.hpp": "#include <array>\n#include <bit>\n// #include <cmath>, std::bit_cast\n/* #pragma omp\n#include <vector> */",
    "solvers/b.hpp": '#include "model/a.hpp"\n#include <cmath>\n#include <vector>\n#include <Eigen/Core>',
    "solvers/b.cpp": '#include "solvers/b.hpp"\n#include <omp.h>\n#pragma omp parallel for',
    "scenarios/c.hpp": '#include "solvers/b.hpp"\nauto url = "https://example.org"; auto text = R"(\n#include "io/d.hpp"\n)";',
    "io/d.hpp": '#include "scenarios/c.hpp"\n#include "coronet_version.hpp"\n#include <hdf5.h>\n#include <fmt/core.h>\n#include <ranges>',
    "apps/e.cpp": '#include "io/d.hpp"\n#include <CLI/CLI.hpp>',
    "bench/f.hpp": '#include "io/d.hpp"',
    "tests/model/g.hpp": '#include "model/a.hpp"\n#include <catch2/catch.hpp>',
}
BROKEN = [  # one file more, and what must be said about it
    ("model/x.hpp", '#include "solvers/b.hpp"', "model must not include"),
    ("solvers/x.cpp", '#include "scenarios/c.hpp"', "solvers must not include"),
    ("scenarios/x.hpp", '  #  include "io/d.hpp"', "scenarios must not include"),
    ("io/x.cpp", '#include "bench/f.hpp"', "io must not include"),
    ("apps/x.cpp", '#include "tests/model/g.hpp"', "apps must not include"),
    ("tests/x.cpp", '#include "bench/f.hpp"', "tests must not include"),
    ("web/x.cpp", '#include "io/d.hpp"', "web must not include"),
    ("solvers/x.hpp", '#include "b.hpp"', "not a path from the root"),
    ("io/x.hpp", '#include "../io/d.hpp"', "not a path from the root"),
    ("scenarios/x.hpp", '#include "coronet_version.hpp"', "must not know the version"),
    ("solvers/x.hpp", "#define H <cmath>\n#include H", "cannot be checked"),
    *(("model/x.hpp", f"#include <{name}>", "is not for model")
      for name in ("cmath", "iostream", "fstream", "cstdio", "thread", "chrono", "vector", "math.h", "Eigen/Core")),
    ("model/x.hpp", "/* fine */ #include <cmath> // why not", "is not for model"),
    *((f"{folder}/x.hpp", f"#include <{name}>", f"is not for {folder}")
      for folder in ("solvers", "scenarios")
      for name in ("hdf5.h", "H5Cpp.h", "toml++/toml.h", "nlohmann/json.hpp", "fmt/core.h", "CLI/CLI.hpp", "format", "ranges")),
    ("io/x.cpp", "#include <CLI/CLI.hpp>", "is not for io"),
    ("model/x.hpp", "auto bits = std::bit_cast<long>(1.0);", "missing in Emscripten"),
    ("scenarios/x.cpp", "std::jthread worker;", "missing in Emscripten"),
    ("scenarios/x.cpp", "#pragma omp simd", "OpenMP belongs to solvers"),
    ("io/x.cpp", "#include <omp.h>", "OpenMP belongs to solvers"),
    ("solvers/x.cpp", "# pragma omp critical", "one file of solvers"),
]


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")


def self_test():
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        assert violations(root), "an empty tree passes"
        for name, text in SOUND.items():
            write(root / name, text)
        assert not violations(root), violations(root)
        for name, text, expected in BROKEN:
            write(root / name, text)
            found = violations(root)
            assert len(found) == 1 and expected in found[0], f"{name}: {text!r} gives {found}, not '{expected}'"
            (root / name).unlink()


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        self_test()
    else:
        found = violations(Path(sys.argv[1]))
        print("\n".join(found) or "every arrow points the right way")
        sys.exit(bool(found))
