"""The manifests are valid, and what they start works: their command lines are run as processes, and replaced one by one."""

import functools
import json
import os
import re
import shutil
import subprocess
import threading
import time

import kubernetes_validate
import pytest
import requests
import yaml
from confluent_kafka import Consumer
from prometheus_client.parser import text_string_to_metric_families

from foreign import lag, partitions_of
from ndjson import CATALOG, assert_same_lines, events, expected
from program import PATIENCE, PROGRAM, ROOT
from test_groups import INPUTS
from waiting import SLOWNESS, wait_for
from web import TokenIssuer

MANIFESTS = ROOT / "deploy/kubernetes"
VERSIONS = ["1.27", "1.30", "1.33", "1.37"]
LINES = events("set-101")

pytestmark = [
    pytest.mark.skipif(not shutil.which("kubectl"), reason="there is no kubectl"),
    pytest.mark.xdist_group("kubernetes")]


@functools.cache
def kubectl_version():
    told = subprocess.run(["kubectl", "version", "--client", "--output", "json"], capture_output=True, check=True)
    return int(re.match(r"\d+", json.loads(told.stdout)["clientVersion"]["minor"])[0])


@functools.cache
def rendered(name):
    if name == "example" and kubectl_version() < 21:
        pytest.skip(f"kubectl 1.{kubectl_version()} has a kustomize without patches; Kubernetes' own is needed")
    done = subprocess.run(["kubectl", "kustomize", MANIFESTS / name], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def workloads(name):
    return {each["kind"]: each for each in rendered(name) if "template" in each.get("spec", {})}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["base", "example"])
def test_manifests_are_valid(name, version):
    for manifest in rendered(name):
        kubernetes_validate.validate(manifest, version, strict=True)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_mistake_is_noticed(version):
    manifest = json.loads(json.dumps(workloads("base")["StatefulSet"]))
    manifest["spec"]["template"]["spec"]["containers"][0]["readinesProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(manifest, version, strict=True)


@pytest.mark.parametrize("name", ["base", "example"])
def test_what_manifests_name_exists(name):
    manifests = rendered(name)
    names = {(each["kind"], each["metadata"]["name"]) for each in manifests}
    pods = {}
    for manifest in workloads(name).values():
        template = manifest["spec"]["template"]
        pods[json.dumps(template["metadata"]["labels"], sort_keys=True)] = template["spec"]
        if "selector" in manifest["spec"]:
            assert manifest["spec"]["selector"]["matchLabels"] == template["metadata"]["labels"]
        for source in template["spec"]["containers"][0]["envFrom"]:
            if "configMapRef" in source:
                assert ("ConfigMap", source["configMapRef"]["name"]) in names
        mounted = {mount["name"] for mount in template["spec"]["containers"][0]["volumeMounts"]}
        assert mounted == {volume["name"] for volume in template["spec"]["volumes"]}
    assert ("Service", workloads(name)["StatefulSet"]["spec"]["serviceName"]) in names
    for manifest in manifests:
        selector = manifest["spec"].get("selector") or manifest["spec"].get("podSelector") if "spec" in manifest else None
        if selector and manifest["kind"] in ("Service", "PodDisruptionBudget", "NetworkPolicy"):
            wanted = selector.get("matchLabels", selector)
            selected = [pod for labels, pod in pods.items() if wanted.items() <= json.loads(labels).items()]
            assert selected, manifest
            ports = {port["name"] for pod in selected for port in pod["containers"][0].get("ports", [])}
            if manifest["kind"] == "Service":
                assert {port["targetPort"] for port in manifest["spec"]["ports"]} <= ports


@pytest.mark.parametrize("name", ["base", "example"])
def test_pods_have_no_rights_that_they_do_not_need(name):
    for manifest in workloads(name).values():
        pod = manifest["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] > 0
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
            assert container["resources"]["limits"]["memory"]


class Pod:
    """A container's command line as a process, with the paths and ports of this machine in the place of the pod's."""

    def __init__(self, kind, directory, bootstrap_servers, prefix, name="pod"):
        container = workloads("base")[kind]["spec"]["template"]["spec"]["containers"][0]
        config = next(each["data"] for each in rendered("base") if each["kind"] == "ConfigMap")
        config |= {"BOOTSTRAP_SERVERS": bootstrap_servers, "TOPIC_PREFIX": prefix, "PARTITIONS": "2"}
        source = container["envFrom"][0]
        assert source["configMapRef"]["name"].startswith("partner-pulse")
        self.environment = os.environ | {source["prefix"] + key: value for key, value in config.items()}
        arguments = [each.replace("$(POD_NAME)", name) for each in container["args"]]
        for old, new in (("/var/lib/partner-pulse", str(directory / name)), ("/etc/partner-pulse/keys", str(directory)),
                         ("0.0.0.0:9464", "0.0.0.0:0"), ("0.0.0.0:8080", "0.0.0.0:0")):
            arguments = [each.replace(old, new) for each in arguments]
        self.container = container
        self.log = directory / f"{name}-{kind}.log"
        (directory / name).mkdir(exist_ok=True)
        self.command = [PROGRAM, *arguments]
        self.process = None

    def start(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment)
        return self

    def probe(self, name):
        """Whether a probe succeeds, asked as the kubelet does: by the pod's address."""
        found = re.search(r"metrics on http://[^:]+:(\d+)/", self.log.read_text())
        if not found:
            return False
        probe = self.container[name]["httpGet"]
        assert probe["port"] == "metrics"
        try:
            answer = requests.get(f"http://127.0.0.1:{found[1]}{probe['path']}", headers={"Host": "10.1.2.3:9464"}, timeout=10)
        except requests.ConnectionError:
            return False
        return answer.status_code == 200

    def metrics(self):
        port = re.search(r"metrics on http://[^:]+:(\d+)/", self.log.read_text())[1]
        text = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
        return {(sample.name, *sorted(sample.labels.values())): sample.value
                for family in text_string_to_metric_families(text) for sample in family.samples}

    def rebalances(self):
        return {key: value for key, value in self.metrics().items() if key[0] == "partner_pulse_rebalances_total"}

    def tasks(self):
        return sum(value for key, value in self.metrics().items() if key[0] == "partner_pulse_tasks")

    def terminate(self):
        self.process.terminate()
        assert self.process.wait(PATIENCE) == 0, self.log.read_text()

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Progress(threading.Thread):
    """When each partition of usage actions was committed further, and for how long it was not."""

    def __init__(self, bootstrap_servers, prefix):
        super().__init__(daemon=True)
        self._consumer = Consumer({"bootstrap.servers": bootstrap_servers, "group.id": f"{prefix}partner-pulse-entity"})
        self._partitions = partitions_of(self._consumer, f"{prefix}usage-actions")
        self._last = {each.partition: (0, time.monotonic()) for each in self._partitions}
        self.longest = dict.fromkeys(self._last, 0)
        self.stopped = threading.Event()

    def run(self):
        while not self.stopped.wait(0.05):
            for committed in self._consumer.committed(self._partitions, 10):
                offset, since = self._last[committed.partition]
                now = time.monotonic()
                self.longest[committed.partition] = max(self.longest[committed.partition], now - since)
                if committed.offset > offset:
                    self._last[committed.partition] = (committed.offset, now)
        self._consumer.close()

    def begin(self):
        self.longest = dict.fromkeys(self._last, 0)
        self._last = {partition: (offset, time.monotonic()) for partition, (offset, _) in self._last.items()}


# Holds REL-21.
def test_command_lines_work_and_are_replaced_one_by_one(bootstrap_servers, make_application, tmp_path):
    application = make_application(bootstrap_servers)
    prefix = application.name + "."
    TokenIssuer().write(tmp_path / "jwks.json")
    topics = Pod("Job", tmp_path, bootstrap_servers, prefix)
    done = subprocess.run(
        topics.command, capture_output=True, text=True, timeout=PATIENCE, env=topics.environment)
    assert done.returncode == 0 and "15 topics with 2 partitions each" in done.stderr, done.stderr
    # The set's own catalog: it is the only thing that is not in the manifests.
    members = [Pod("StatefulSet", tmp_path, bootstrap_servers, prefix, f"partner-pulse-aggregator-{number}")
               for number in range(2)]
    for member in members:
        member.command += ["--catalog", CATALOG]
    web = Pod("Deployment", tmp_path, bootstrap_servers, prefix, "web")
    web.command += ["--catalog", CATALOG]
    stopped = threading.Event()
    progress = Progress(bootstrap_servers, prefix)

    def produce():
        # Again and again the same: the result stays.
        while not stopped.is_set():
            subprocess.run([PROGRAM, "import", "-", *application.log], input=b"\n".join(LINES) + b"\n",
                           capture_output=True, check=True)

    producer = threading.Thread(target=produce)
    try:
        for pod in [*members, web]:
            pod.start()
        wait_for(lambda: all(pod.probe("livenessProbe") for pod in [*members, web]))
        producer.start()
        wait_for(lambda: all(pod.probe("readinessProbe") for pod in [*members, web]), 60)
        wait_for(lambda: [member.tasks() for member in members] == [2, 2], 60)
        progress.start()
        wait_for(lambda: progress._last[0][0] and progress._last[1][0])
        for replaced, other in (members, members[::-1]):
            before = other.rebalances()
            progress.begin()
            start = time.monotonic()
            replaced.terminate()
            replaced.start()
            wait_for(lambda: replaced.probe("readinessProbe") and replaced.tasks() == 2, 60)
            away = time.monotonic() - start
            time.sleep(1)  # as long as it takes to see that nothing moves
            assert other.rebalances() == before, "the other member's tasks were moved"
            shorter, longer = sorted(progress.longest.values())
            print(f"away for {away:.2f} s; the longest waits {shorter:.2f} s and {longer:.2f} s")
            assert shorter < 3 * SLOWNESS
            assert longer < away + 3 * SLOWNESS
        stopped.set()
        producer.join()
        progress.stopped.set()
        inputs = {"entity": INPUTS, "ranking": ["partner-partials"]}
        wait_for(lambda: not any(
            sum(lag(bootstrap_servers, f"{prefix}partner-pulse-{stage}", [prefix + topic for topic in topics]).values())
            for stage, topics in inputs.items()))
        assert_same_lines(application.snapshots(), expected("set-101"))
        for pod in [*members, web]:
            pod.terminate()
    finally:
        stopped.set()
        progress.stopped.set()
        for pod in [*members, web]:
            pod.kill()
