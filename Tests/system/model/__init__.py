"""A slow model of what the indicators mean, written from SEMANTICS.md alone and sharing nothing with the program.

It has no state and no shortcuts: from all events it works out the whole result, each number by its definition.
"""

from model.catalog import Catalog
from model.refusal import refusal
from model.result import result

__all__ = ["Catalog", "refusal", "result"]
