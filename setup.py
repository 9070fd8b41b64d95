"""Compiles the hot path when Cython and a C compiler are there; without them the same sources run interpreted.

AKA_COMPILE=auto (default) tries, `never` makes a pure wheel, `always` fails when it cannot compile.
"""

import os
import runpy

from setuptools import Extension, setup

HOT = runpy.run_path("resolver/hot.py")["HOT"]  # read as a file: the package needs more than is there while it is built
FLAGS = ["-O2", "-g0"] if os.name == "posix" else []  # as fast as -O3, and compiled in half the time
LOOPS = {"resolver.loading", "resolver.runs"}  # but not these: over every character, by many at a time
MODE = os.environ.get("AKA_COMPILE", "auto")


def flags(name: str) -> list[str]:
    """Name of a module -> what the compiler is told beside its source."""
    return [*FLAGS, "-O3"] if FLAGS and name in LOOPS else FLAGS


def extensions() -> list[Extension]:
    """Environment -> the extension modules to build; none where Cython is missing or compiling is switched off."""
    if MODE == "never":
        return []
    try:
        from Cython.Build import cythonize
    except ImportError:
        if MODE == "always":
            raise
        return []
    sources = [Extension(name, [name.replace(".", "/") + ".py"], extra_compile_args=flags(name)) for name in HOT]
    built: list[Extension] = cythonize(sources, build_dir="build/cython")
    for extension in built:
        extension.optional = MODE != "always"  # set after cythonize, which drops it
    return built


setup(ext_modules=extensions(), options={"build_ext": {"parallel": True}})  # as many compilers at once as there are cores
