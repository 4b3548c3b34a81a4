"""Nothing leaves the machine: ONNX Runtime is told so before it is imported, wherever that is."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import core
from core.onnx_runtime import open_session
from tests.rights import python_path

SOURCES = Path(core.__file__).parents[1]
ONCE = """if True:
    import os, sys

    class Watch:
        def find_spec(self, name, path=None, target=None):
            if name == "onnxruntime":
                print("imported", os.environ.get("ORT_DISABLE_TELEMETRY"))

    sys.meta_path.insert(0, Watch())
    from core.onnx_runtime import open_session
    print("not yet")
    try:
        open_session(b"no graph", 1)
    except Exception as error:
        print(type(error).__name__)
"""


def test_its_telemetry_is_off_before_it_is_imported() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    environment |= {"PYTHONPATH": python_path()}
    words = [sys.executable, "-c", ONCE]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split("\n") == ["not yet", "imported 1", "InvalidProtobuf", ""]
    assert done.stderr == ""


def test_nothing_else_imports_it() -> None:
    files = [*(SOURCES / "core").rglob("*.py"), *(SOURCES / "explorer").rglob("*.py")]
    assert len(files) > 400
    importing = [file.relative_to(SOURCES).as_posix() for file in files if "onnxruntime" in imported(file)]
    assert importing == ["core/onnx_runtime.py"]


def imported(file: Path) -> set[str]:
    """By any statement in it, wherever it stands, but for a type alone, which imports nothing."""
    text = file.read_text("utf-8")
    if "onnxruntime" not in text:
        return set()
    tree = ast.parse(text)
    for each in ast.walk(tree):
        if isinstance(each, ast.If) and ast.unparse(each.test) == "TYPE_CHECKING":
            each.body = [ast.Pass()]
    froms = (each.module or "" for each in ast.walk(tree) if isinstance(each, ast.ImportFrom))
    plain = (name.name for each in ast.walk(tree) if isinstance(each, ast.Import) for name in each.names)
    return {name.split(".")[0] for name in (*froms, *plain)}


def test_a_session_has_the_threads_that_it_was_given() -> None:
    from onnx import TensorProto, helper

    ports = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n"]) for name in "xy"]
    graph = helper.make_graph([helper.make_node("Neg", ["x"], ["y"])], "minus", ports[:1], ports[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    options = open_session(model.SerializeToString(), threads=3).get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (3, 1)
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
