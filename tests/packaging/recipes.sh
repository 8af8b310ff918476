#!/usr/bin/env bash
# The recipes for Conan and vcpkg are of this version, and are read by what they are written for as far as it is here: recipes.sh SOURCE CMAKE
set -eu
cd "$1"
cmake=$2
version=$(sed -n 's/^#define XGRAD_VERSION_\(MAJOR\|MINOR\|PATCH\) //p' autograd/core/version.h | paste -sd.)
script=$(mktemp --suffix=.cmake)
trap 'rm -f "$script"' EXIT
cat > "$script" << 'END'
file(READ cmake/vcpkg/vcpkg.json manifest)
string(JSON version GET "${manifest}" version)
message(NOTICE ${version})
END
port=$("$cmake" -P "$script" 2>&1)
[ "$port" = "$version" ] || { echo "vcpkg.json is of $port, the library of $version"; exit 1; }

# What Conan would run, with the few names of it that stand in for Conan.
[ -x /usr/bin/python3 ] || { echo "no python3: only vcpkg.json"; exit 0; }
/usr/bin/python3 -B - "$version" << 'END'
import re
import sys
import types


class Anything:
    def __init__(self, *_, **__): self.__dict__["of"] = {}
    def __getattr__(self, name): return self.of.setdefault(name, Anything())
    def __getitem__(self, name): return self.of.setdefault(name, Anything())
    def __call__(self, *_, **__): return Anything()
    def __setitem__(self, name, value): self.of[name] = value


for name in ("conan", "conan.errors", "conan.tools", "conan.tools.build", "conan.tools.cmake", "conan.tools.files"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__getattr__ = lambda name: Anything()
sys.modules["conan"].ConanFile = type("ConanFile", (), {"__getattr__": Anything.__getattr__, "of": {}})
sys.modules["conan.tools.files"].load = lambda recipe, path: open(path).read()
for recipe in ("cmake/conan/conanfile.py", "cmake/conan/test_package/conanfile.py"):
    names = {}
    exec(compile(open(recipe).read(), recipe, "exec"), names)
    conan = next(c for n, c in names.items() if n.endswith(("Conan", "Package")) and isinstance(c, type))()
    conan.recipe_folder = "cmake/conan"
    if hasattr(type(conan), "set_version"):
        conan.set_version()
        assert conan.version == sys.argv[1], conan.version
        conan.package_info()
        required = set(re.findall(r'requires\("([^/]*)/', open(recipe).read()))
        hidden = set(re.findall(r'requires\("([^/]*)/.*visible=False', open(recipe).read()))
        used = {name.split("::")[0] for c in conan.cpp_info.components.of.values() for name in c.requires if "::" in name}
        assert used == required - hidden, (used, required)
print("both recipes are of", sys.argv[1])
END
