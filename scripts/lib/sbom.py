"""Tells what a program is made of and what it loads, as CycloneDX 1.5: sbom.py PROGRAM VERSION

The libraries are those that the loader finds on this machine, by the Debian packages that they are from.
"""

import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import uuid


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def libraries(program):
    """The shared libraries that the loader maps, the loader itself included."""
    found = re.findall(r"(?:=>\s+|^\s*)(/\S+) \(0x", output_of("ldd", program), re.MULTILINE)
    return sorted({os.path.realpath(path) for path in found})


def package_of(path):
    """The package that has a file, whether it knows it under /usr or, as before the merge, under /."""
    for name in (path, path.removeprefix("/usr")):
        done = subprocess.run(["dpkg-query", "--search", name], capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.split(": ")[0].split(", ")[0]
    sys.exit(f"sbom: {path} is from no Debian package")


def facts_of(package):
    fields = ["Package", "Version", "Architecture", "source:Package", "source:Version", "Depends", "Homepage"]
    text = output_of("dpkg-query", "--show", "--showformat", "\\n".join(f"${{{each}}}" for each in fields), package)
    return dict(zip(fields, text.split("\n"), strict=True))


def purl_of(facts):
    version = facts["Version"].replace(":", "%3A").replace("+", "%2B")
    name = facts["Package"].replace("+", "%2B")
    return f"pkg:deb/debian/{name}@{version}?arch={facts['Architecture']}&distro={distribution()}"


def distribution():
    release = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', pathlib.Path("/etc/os-release").read_text(), re.MULTILINE))
    return f"{release['ID']}-{release['VERSION_ID']}"


def swift():
    version = re.search(r"Swift version (\S+)", output_of("swift", "--version"))[1]
    return {
        "type": "library", "bom-ref": f"pkg:generic/swift@{version}", "name": "swift", "version": version,
        "description": "standard library and Foundation Essentials, linked into the program",
        "licenses": [{"license": {"id": "Apache-2.0"}}], "purl": f"pkg:generic/swift@{version}",
    }


def main(program, version):
    files = {}
    for path in libraries(program):
        files.setdefault(package_of(path), []).append(path)
    packages = {facts["Package"]: (facts, files[name]) for name in files for facts in [facts_of(name)]}
    components = [swift()]
    for name, (facts, paths) in sorted(packages.items()):
        components.append({
            "type": "library", "bom-ref": purl_of(facts), "name": name, "version": facts["Version"],
            "purl": purl_of(facts),
            "properties": [
                {"name": "debian:source", "value": f"{facts['source:Package']} {facts['source:Version']}"},
                *({"name": "file", "value": path} for path in paths)],
        })
    needed = set(re.findall(r"NEEDED.*\[(.+)\]", output_of("readelf", "--dynamic", "--wide", program)))
    direct = [name for name, (_, paths) in packages.items() if needed & {so_name(path) for path in paths}]
    references = {name: purl_of(facts) for name, (facts, _) in packages.items()}
    reference = f"pkg:generic/partner-pulse@{version}"
    dependencies = [{
        "ref": reference, "dependsOn": sorted([components[0]["bom-ref"], *(references[name] for name in direct)])}]
    for name, (facts, _) in sorted(packages.items()):
        named = set(re.findall(r"(?:^|[,|])\s*([a-z0-9][a-z0-9.+-]+)", facts["Depends"]))
        dependencies.append({
            "ref": references[name], "dependsOn": sorted(references[other] for other in named & packages.keys())})
    dependencies.append({"ref": components[0]["bom-ref"], "dependsOn": []})
    date = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    bom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": date.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application", "bom-ref": reference, "name": "partner-pulse", "version": version,
                "purl": reference, "licenses": [{"license": {"id": "Apache-2.0"}}],
                "hashes": [{
                    "alg": "SHA-256", "content": hashlib.sha256(pathlib.Path(program).read_bytes()).hexdigest()}],
            },
        },
        "components": components, "dependencies": dependencies,
    }
    # Not random, so that the same program gives the same text.
    bom["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(bom, sort_keys=True)).urn
    print(json.dumps(bom, indent=2))


def so_name(path):
    return re.search(r"SONAME.*\[(.+)\]", output_of("readelf", "--dynamic", "--wide", path))[1]


if __name__ == "__main__":
    main(*sys.argv[1:])
