"""A Kafka cluster of three brokers from KAFKA_HOME, each of which can be killed, stopped and started again."""

import concurrent.futures
import logging
import os
import pathlib
import signal
import subprocess
import time

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from free_ports import free_ports

_SIZE = 3

# Replicated as a production cluster is, but quick to notice that a broker is gone, and to lead again when it is back. The
# log cleaner takes half of the heap otherwise.
_PROPERTIES = """\
process.roles=broker,controller
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
auto.create.topics.enable=false
default.replication.factor=3
min.insync.replicas=2
offsets.topic.num.partitions=3
offsets.topic.replication.factor=3
transaction.state.log.num.partitions=3
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
replica.lag.time.max.ms=4000
leader.imbalance.check.interval.seconds=5
log.cleaner.dedupe.buffer.size=4194304
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
"""

_MEMORY = "-Xms96m -Xmx384m"
# With the quick compiler alone, a broker starts in half the time.
_QUICK = "-XX:TieredStopAtLevel=1"

# librdkafka's own lines, which tell of every broker that is gone, go nowhere.
QUIET = logging.Logger("kafka", level=logging.CRITICAL)

# What is raised where brokers do not answer in time.
UNANSWERED = (KafkaException, TimeoutError)


class KafkaCluster:
    """Three brokers that are controllers too; all that they write is in `directory`."""

    def __init__(self, directory):
        self._directory = pathlib.Path(directory)
        first = free_ports(2 * _SIZE)
        voters = ",".join(f"{node}@127.0.0.1:{first + _SIZE + node - 1}" for node in range(1, _SIZE + 1))
        self.brokers = [
            Broker(self._directory / f"broker-{node}", node, first + node - 1, first + _SIZE + node - 1, voters)
            for node in range(1, _SIZE + 1)
        ]
        self.bootstrap_servers = ",".join(broker.address for broker in self.brokers)

    def start(self):
        """Formats the brokers' directories, starts the brokers and waits until all are in the cluster."""
        with concurrent.futures.ThreadPoolExecutor(_SIZE) as pool:
            list(pool.map(Broker.format, self.brokers))
        for broker in self.brokers:
            broker.start()
        self.wait_until_whole()

    def wait_until_whole(self, seconds=120):
        """Waits until every broker answers, and knows all brokers and all replicas to be in sync."""
        deadline = time.monotonic() + seconds
        waiting = list(self.brokers)
        while waiting:
            for broker in self.brokers:
                if not broker.is_running:
                    raise RuntimeError(f"broker {broker.node} ended by itself, see {broker.log}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"the cluster is not whole after {seconds} s, see {self._directory}")
            waiting = [broker for broker in waiting if not broker.sees(_SIZE)]
            time.sleep(0.1)

    def kill(self):
        """Ends all brokers at once; the data stay."""
        for broker in self.brokers:
            broker.kill()


class Broker:
    """One node of the cluster."""

    def __init__(self, directory, node, port, controller_port, voters):
        self.node = node
        self.address = f"127.0.0.1:{port}"
        self.log = directory / "logs/broker.log"
        self._data = directory / "data"
        self._properties = directory / "server.properties"
        self._process = None
        self.log.parent.mkdir(parents=True)
        self._properties.write_text(
            f"{_PROPERTIES}node.id={node}\nlog.dirs={self._data}\ncontroller.quorum.voters={voters}\n"
            f"listeners=PLAINTEXT://{self.address},CONTROLLER://127.0.0.1:{controller_port}\n")

    @property
    def is_running(self):
        return self._process is not None and self._process.poll() is None

    def sees(self, count):
        """Whether it answers, knows `count` brokers, and no partition lacks a replica."""
        try:
            admin = AdminClient({"bootstrap.servers": self.address, "logger": QUIET})
            metadata = admin.list_topics(timeout=3)
        except UNANSWERED:
            return False
        partitions = [each for topic in metadata.topics.values() for each in topic.partitions.values()]
        return len(metadata.brokers) == count and all(len(each.isrs) == len(each.replicas) for each in partitions)

    def format(self):
        # Any 16 bytes in base64 name a cluster.
        done = self._run("kafka-storage.sh", "format", "-t", "chaos-AAAAAAAAAAAAAAAA", "-c", self._properties)
        if done.wait() != 0:
            raise RuntimeError(f"format failed, see {self.log}")

    def start(self):
        self._process = self._run("kafka-server-start.sh", self._properties)

    def kill(self):
        if self.is_running:
            self._process.kill()
            self._process.wait()

    def shut_down(self, patience=30):
        """Asks it to hand over and end; one that does not is killed."""
        self._process.terminate()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def pause(self):
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        self._process.send_signal(signal.SIGCONT)

    def segments(self, topic, partition):
        """What it has on disk of a partition, as bytes, in the order of offsets."""
        files = sorted((self._data / f"{topic}-{partition}").iterdir())
        return [file.read_bytes() for file in files if file.suffix == ".log"]

    def _run(self, script, *arguments):
        """In a session of its own, so that an interrupt of the terminal does not reach it."""
        program = pathlib.Path(os.environ["KAFKA_HOME"]) / "bin" / script
        logs = str(self.log.parent)
        # Java leaves the libraries that it unpacks.
        environment = os.environ | {
            "KAFKA_HEAP_OPTS": _MEMORY, "KAFKA_OPTS": f"{_QUICK} -Djava.io.tmpdir={logs}", "LOG_DIR": logs}
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                [program, *map(str, arguments)], env=environment, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
