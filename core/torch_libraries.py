"""PyTorch's shared libraries, loaded while other threads go on."""

import ctypes
import importlib.util
import os
import sys
from pathlib import Path

# In the order in which they need each other; a build for CPUs alone has fewer.
_NAMES = "libtorch_global_deps", "libc10", "libtorch_cpu", "libc10_cuda", "libtorch_cuda", "libtorch"


def load_libraries() -> None:
    """Load them before `import torch` does, which would hold every thread of Python up for up to half a second.

    The system's own `dlopen` is called as any C function is, without the interpreter's lock. What cannot be loaded is
    left to `import torch`, which says why; on Windows, all of it is.
    """
    if "torch" in sys.modules or os.name != "posix" or (found := importlib.util.find_spec("torch")) is None:
        return
    load = ctypes.CDLL(None).dlopen
    load.argtypes, load.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    ending = ".dylib" if sys.platform == "darwin" else ".so"
    for name in _NAMES:
        library = Path(str(found.origin)).parent / "lib" / f"{name}{ending}"
        if library.exists():
            scope = ctypes.RTLD_GLOBAL if name == _NAMES[0] else ctypes.RTLD_LOCAL  # as PyTorch itself asks
            load(os.fsencode(library), os.RTLD_NOW | scope)
