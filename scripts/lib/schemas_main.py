"""Makes the descriptor set that schemas/ is compared with, and docs/SCHEMAS.md."""

import argparse
import sys

import schema_files
from schema_pages import page


def main():
    parser = argparse.ArgumentParser(
        prog="schemas", description="Makes schemas/partnerpulse.v1.binpb and docs/SCHEMAS.md of the files in schemas/. "
        "Refuses a change after which a client could no longer read or write.")
    parser.add_argument("--check", action="store_true", help="only tell whether they are up to date")
    parser.add_argument("--allow-breaking", action="store_true", help="take a breaking change, of a new major version")
    options = parser.parse_args()
    descriptors = schema_files.current()
    breaking = schema_files.incompatibilities(schema_files.baseline(), descriptors) if schema_files.BASELINE.exists() else []
    for reason in breaking:
        print(f"breaking: {reason}", file=sys.stderr)
    if breaking and not options.allow_breaking:
        return 1
    made = {schema_files.BASELINE: schema_files.encode(descriptors),
            schema_files.ROOT / "docs/SCHEMAS.md": page(schema_files.documented()).encode()}
    outdated = [path for path, content in made.items() if not path.exists() or path.read_bytes() != content]
    for path in outdated:
        print(f"{path.relative_to(schema_files.ROOT)} {'is not up to date' if options.check else 'is new'}", file=sys.stderr)
        if not options.check:
            path.write_bytes(made[path])
    return 1 if outdated and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
