"""The Debian package: installed into a fresh Debian 12, where its units' command lines do the program's work."""

import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import time

import pytest
import requests
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator

from ndjson import CATALOG, assert_same_lines, events, expected
from program import PATIENCE, ROOT
from waiting import SLOWNESS, wait_for

sys.path.insert(0, str(ROOT / "scripts/lib"))
from free_ports import free_ports  # noqa: E402

OBJECTS = ROOT / ".build/release/partner-pulse.product/Objects.LinkFileList"
LIBRARIES = ["rdkafka", "sqlite3", "libxxhash", "libmicrohttpd", "cjose"]
UNITS = ["partner-pulse-run.service", "partner-pulse-serve.service"]

pytestmark = [
    pytest.mark.skipif(not shutil.which("dpkg-shlibdeps"), reason="dpkg-dev is not installed"),
    pytest.mark.skipif(not OBJECTS.exists(), reason="the program was not built by `swift build -c release` in .build"),
    pytest.mark.xdist_group("packages")]


def run(*command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=PATIENCE, **options)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The program under test, linked once more with the Swift runtime in it: a second build would take minutes."""
    path = tmp_path_factory.mktemp("program") / "partner-pulse"
    flags = run("pkg-config", "--libs", *LIBRARIES).split()
    run("swiftc", "-static-stdlib", "-o", path, f"@{OBJECTS}", "-L", OBJECTS.parents[1], "-module-name", "partner_pulse",
        "-emit-executable", *(each for flag in ("--gc-sections", "--defsym", "main=partner_pulse_main")
                              for each in ("-Xlinker", flag)),
        "-l_FoundationCollections", "-l_FoundationCShims", *flags, "-ljansson", "-ljemalloc")
    return path


@pytest.fixture(scope="module")
def make_packages(program, tmp_path_factory):
    """Makes the packages of a version; returns the paths of the .deb, the tar file and the bill of materials."""
    def make(version):
        directory = tmp_path_factory.mktemp("packages")
        # The time of day, the user's umask and the place must not matter.
        script = f"umask 077; exec {shlex.quote(str(ROOT / 'scripts/package'))} \"$@\""
        said = run("bash", "-c", script, "package", "--program", program, "--version", version, "--output", directory,
                   env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8",
                                     # Which bytes come out does not depend on how small they are.
                                     "DPKG_DEB_COMPRESSOR_LEVEL": "1"})
        return [pathlib.Path(line) for line in said.splitlines()]
    return make


@pytest.fixture(scope="module")
def packages(make_packages):
    return make_packages("0.1.0")


@pytest.fixture(scope="module")
def debian(packages, tmp_path_factory, is_full):
    """A fresh Debian 12 with what the package depends on."""
    if not is_full:
        pytest.skip("making another Debian takes minutes: PARTNERPULSE_FULL_TESTS is not set")
    if os.geteuid() != 0:
        pytest.skip("only root can make another root directory")
    if not shutil.which("debootstrap"):
        pytest.skip("debootstrap is not installed")
    root = tmp_path_factory.mktemp("debian")
    depends = re.findall(r"([a-z0-9.+-]+)(?: \([^)]*\))?(?:, |$)", run("dpkg-deb", "--field", packages[0], "Depends"))
    assert "librdkafka1" in depends and "passwd" in depends
    try:
        done = subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={','.join(depends)}", "bookworm", root],
            capture_output=True, text=True, timeout=300 * SLOWNESS)
    except subprocess.TimeoutExpired:
        pytest.skip("debootstrap takes too long")
    if done.returncode != 0:
        pytest.skip(f"debootstrap failed: {(done.stdout + done.stderr).splitlines()[-1:]}")
    # Within it, it is the root directory of all.
    root.chmod(0o755)
    yield root
    shutil.rmtree(root)


def test_the_same_program_gives_the_same_bytes(packages, make_packages):
    second = int(time.time())
    wait_for(lambda: int(time.time()) > second)
    for one, other in zip(packages, make_packages("0.1.0"), strict=True):
        assert one.name == other.name
        assert hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(other.read_bytes()).digest(), one.name


def test_the_image_has_the_package_and_all_that_makes_it():
    dockerfile = (ROOT / "Dockerfile").read_text()
    setup = (ROOT / "scripts/setup").read_text()
    for package in re.search(r"^packages=\(([^)]*)\)$", setup, re.MULTILINE)[1].split() + ["dpkg-dev", "python3"]:
        assert re.search(rf"\b{package}\b", dockerfile), package
    # What is packaged is not kept out of the build.
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert not {"docs", "schemas", "deploy", "scripts", "README.md", "CHANGELOG.md", "LICENSE"} & set(ignored)


def test_the_tar_file_has_the_program(packages, tmp_path):
    with tarfile.open(packages[1]) as tar:
        members = tar.getmembers()
        assert {(each.uid, each.gid, each.mtime) for each in members} == {(0, 0, 1700000000)}
        tar.extractall(tmp_path, filter="data")
    directory = tmp_path / "partner-pulse-0.1.0-amd64"
    assert {path.name for path in directory.iterdir()} == {"bin", "share", "README.md", "CHANGELOG.md", "LICENSE"}
    assert "usage: partner-pulse" in run(directory / "bin/partner-pulse", "--help")
    assert "libswift" not in run("ldd", directory / "bin/partner-pulse")


def test_the_bill_of_materials_is_valid_and_complete(packages):
    text = packages[2].read_text()
    assert make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_5).validate_str(text) is None
    bom = json.loads(text)
    assert bom["metadata"]["timestamp"] == "2023-11-14T22:13:20Z"
    # Every library that the program maps is in one of the components.
    mapped = {os.path.realpath(path) for path in re.findall(r"=> (/\S+)", run("ldd", ROOT / ".build/release/partner-pulse"))}
    named = {each["value"] for component in bom["components"] for each in component.get("properties", [])
             if each["name"] == "file"}
    assert {path for path in mapped if "/swift" not in path} <= named
    versions = {component["name"]: component["version"] for component in bom["components"]}
    assert versions["librdkafka1"] == run("dpkg-query", "--show", "--showformat", "${Version}", "librdkafka1")
    assert versions["swift"] in run("swift", "--version")
    # Each reference leads somewhere, and all are reached from the program.
    depends = {each["ref"]: each["dependsOn"] for each in bom["dependencies"]}
    references = {component["bom-ref"] for component in bom["components"]}
    reached, open_ones = set(), [bom["metadata"]["component"]["bom-ref"]]
    while open_ones:
        for each in depends[open_ones.pop()]:
            if each not in reached:
                reached.add(each)
                open_ones.append(each)
    assert reached == references


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS)
def test_units_are_valid_and_hardened(unit, packages, tmp_path):
    run("dpkg-deb", "--extract", packages[0], tmp_path)
    path = tmp_path / "usr/lib/systemd/system" / unit
    # With the program where it is now.
    path.write_text(path.read_text().replace("/usr/bin/", f"{tmp_path}/usr/bin/"))
    verified = subprocess.run(["systemd-analyze", "verify", "--man=no", path], capture_output=True, text=True)
    complaints = [line for line in verified.stderr.splitlines() if unit in line]
    assert verified.returncode == 0 and not complaints, verified.stderr
    told = run("systemd-analyze", "security", "--offline=true", "--threshold=20", path)
    assert re.search(r"Overall exposure level .* (OK|SAFE)", told), told[-500:]


def chroot(root, *command, user=None):
    """A command within another root, with a /proc that goes away with it, and as the units see it: of processes alone. The
    Swift runtime reads its arguments there."""
    users = [f"--userspec={user}:{user}"] if user else []
    return ["unshare", "--mount", "sh", "-c", 'mount -t proc -o subset=pid proc "$0/proc" && exec chroot "$@"', root, *users, root, *command]


class Unit:
    """A unit's command line, as its user and in its directory, within another root."""

    def __init__(self, root, name):
        settings = dict(re.findall(r"^(\w+)=(.*)$", (root / "usr/lib/systemd/system" / name).read_text(), re.MULTILINE))
        command, user, directory = (settings[key] for key in ("ExecStart", "User", "WorkingDirectory"))
        self.log = root / "tmp" / f"{name}.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                chroot(root, "/bin/sh", "-c", f"cd {directory} && exec {command}", user=user),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def stop(self):
        self.process.terminate()
        assert self.process.wait(PATIENCE) == 0, self.log.read_text()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def test_it_is_installed_runs_is_upgraded_and_removed(packages, debian, make_packages):
    root = debian
    data = root / "var/lib/partner-pulse"

    def within(*command, **options):
        return run(*chroot(root, *command), **options)

    def install(package):
        shutil.copy(package, root / "tmp")
        # Without a terminal: dpkg would stop at a question.
        within("dpkg", "--install", f"/tmp/{package.name}", stdin=subprocess.DEVNULL)

    def as_user(*command, **options):
        return run(*chroot(root, *command, user="partner-pulse"), **options)

    install(packages[0])
    assert "/usr/sbin/nologin" in within("getent", "passwd", "partner-pulse")
    assert data.stat().st_mode & 0o777 == 0o750 and data.stat().st_uid != 0
    options = root / "etc/partner-pulse/partner-pulse.conf"
    assert options.stat().st_mode & 0o777 == 0o640 and options.stat().st_gid == data.stat().st_gid
    assert within("dpkg", "--verify", "partner-pulse") == ""

    # What an administrator changes.
    shutil.copy(CATALOG, root / "etc/partner-pulse/catalog.json")
    ports = dict(zip(("8080", "9464", "9465"), range(first := free_ports(3), first + 3)))
    changed = "catalog = /etc/partner-pulse/catalog.json\n" + re.sub(
        r":(8080|9464|9465)\b", lambda found: f":{ports[found[1]]}", options.read_text())
    options.write_text(changed)

    lines = events("set-101")
    log = ["--config", "/etc/partner-pulse/partner-pulse.conf"]

    def work(lines, count):
        """Imports events while nothing runs, and lets the units run until there are so many snapshots and scales."""
        as_user("partner-pulse", "import", *log, "-", input=b"\n".join(lines).decode() + "\n")
        units = [Unit(root, name) for name in UNITS]
        try:
            for port in (ports["9464"], ports["9465"]):
                def is_ready(port=port):
                    assert all(unit.process.poll() is None for unit in units), "\n".join(unit.log.read_text() for unit in units)
                    try:
                        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=10).status_code == 200
                    except requests.ConnectionError:
                        return False
                wait_for(is_ready, 60)
            wait_for(lambda: len(as_user("partner-pulse", "snapshots", *log).splitlines()) >= count)
            page = requests.get(f"http://127.0.0.1:{ports['8080']}/", timeout=10)
            assert page.status_code == 200 and "Partner contribution" in page.text
            for unit in units:
                unit.stop()
        finally:
            for unit in units:
                unit.kill()
        return as_user("partner-pulse", "snapshots", *log).encode().splitlines()

    first = work(lines[:500], 100)
    install(make_packages("0.1.1")[0])
    assert within("dpkg-query", "--show", "--showformat", "${Version}", "partner-pulse") == "0.1.1"
    assert options.read_text() == changed and options.stat().st_gid == data.stat().st_gid
    assert as_user("partner-pulse", "snapshots", *log).encode().splitlines() == first
    assert_same_lines(work(lines, len(expected("set-101"))), expected("set-101"))

    within("dpkg", "--remove", "partner-pulse")
    assert not (root / "usr/bin/partner-pulse").exists() and options.exists()
    said = subprocess.run(chroot(root, "dpkg", "--purge", "partner-pulse"), capture_output=True, text=True, check=True)
    assert "the data in /var/lib/partner-pulse and the user partner-pulse are kept" in said.stderr
    assert not options.exists() and (data / "partner-pulse.db").exists()
