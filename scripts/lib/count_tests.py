"""count_tests.py FILE.xml…: sums JUnit reports up in one line; exit 1 if a test failed or none ran.

A report that is missing counts as a failure.
"""

import os
import sys
import xml.etree.ElementTree as ElementTree


def count(paths):
    passed = failed = skipped = 0
    for path in paths:
        if not os.path.exists(path):
            print(f"{path} was not written: its tests did not run to their end")
            failed += 1
            continue
        for case in ElementTree.parse(path).iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                failed += 1
            elif case.find("skipped") is not None:
                skipped += 1
            else:
                passed += 1
    return passed, failed, skipped


if __name__ == "__main__":
    passed, failed, skipped = count(sys.argv[1:])
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    sys.exit(1 if failed or not passed else 0)
