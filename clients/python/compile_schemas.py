"""Compiles schemas/ into src/partnerpulse/v1, with type stubs."""

import pathlib
import sys

import grpc_tools
from grpc_tools import protoc

HERE = pathlib.Path(__file__).resolve().parent
SCHEMAS = HERE.parents[1] / "schemas/partnerpulse/v1"


def compile_schemas():
    out = HERE / "src"
    well_known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
    files = sorted(f"partnerpulse/v1/{path.name}" for path in SCHEMAS.glob("*.proto"))
    status = protoc.main(
        ["protoc", f"-I{SCHEMAS.parents[1]}", f"-I{well_known}", f"--python_out={out}", f"--pyi_out={out}", *files])
    if status != 0:
        sys.exit("the schemas do not compile")
    (out / "partnerpulse/v1/__init__.py").write_text('"""The messages, compiled from schemas/."""\n')


if __name__ == "__main__":
    compile_schemas()
