"""ONNX Runtime, imported where it is used and with its telemetry off: nothing leaves the machine."""

import os
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

NO_TELEMETRY = "ORT_DISABLE_TELEMETRY"  # official builds from 1.29 on look for it once, while they are imported
FATAL = 4  # what goes wrong is raised too: it is not printed as well


def load_runtime() -> ModuleType:
    """The module, which nothing else of this program imports: only here it is told to keep what it knows to itself."""
    os.environ[NO_TELEMETRY] = "1"
    import onnxruntime

    runtime: ModuleType = onnxruntime
    runtime.disable_telemetry_events()  # of Windows, which has another switch
    return runtime


def open_session(model: bytes, threads: int) -> "InferenceSession":
    """A session of the graph in `model` on this CPU, with so many threads, which sleep while nothing is asked.

    Safe to run from several threads at once. Raises ONNX Runtime's own exceptions for bytes that are no such graph.
    """
    runtime = load_runtime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = FATAL
    return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
