"""Builds the package with setuptools, after the schemas. A source distribution has them compiled."""

from compile_schemas import SCHEMAS, compile_schemas
from setuptools import build_meta
from setuptools.build_meta import *  # noqa: F403


def _compiled(hook):
    def after_the_schemas(*arguments, **options):
        if SCHEMAS.exists():
            compile_schemas()
        return hook(*arguments, **options)
    return after_the_schemas


build_wheel = _compiled(build_meta.build_wheel)
build_sdist = _compiled(build_meta.build_sdist)
build_editable = _compiled(build_meta.build_editable)
prepare_metadata_for_build_wheel = _compiled(build_meta.prepare_metadata_for_build_wheel)
prepare_metadata_for_build_editable = _compiled(build_meta.prepare_metadata_for_build_editable)
