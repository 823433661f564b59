"""The messages of schemas/, as Google's protobuf reads them."""

import functools
import importlib
import pathlib
import sys
import tempfile

import grpc_tools
from grpc_tools import protoc

from program import ROOT

_FILES = ["partnerpulse/v1/events.proto", "partnerpulse/v1/snapshots.proto"]


@functools.cache
def _modules():
    with tempfile.TemporaryDirectory() as out:
        well_known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
        status = protoc.main(["protoc", f"-I{ROOT / 'schemas'}", f"-I{well_known}", f"--python_out={out}", *_FILES])
        assert status == 0, "the schemas do not compile"
        sys.path.insert(0, out)
        try:
            return [importlib.import_module(name.removesuffix(".proto").replace("/", ".") + "_pb2") for name in _FILES]
        finally:
            sys.path.remove(out)


def events():
    """UsageAction, Subscription, …"""
    return _modules()[0]


def snapshots():
    """IndicatorSnapshot, IndicatorScale."""
    return _modules()[1]
