"""Processes are killed, stopped past their session's end and continued while events stream in."""

import json
import random
import signal
import threading
import time

import pytest

import messages
from foreign import Subscriber, produce
from market import PARTITIONS, Market
from ndjson import CATALOG, assert_same_lines, events

# The shortest that brokers allow by default, in milliseconds.
SESSION_TIMEOUT = 6_000
PROPERTIES = {"session.timeout.ms": SESSION_TIMEOUT, "heartbeat.interval.ms": 1_000}


# Holds REL-1, REL-5, REL-19, REL-20.
@pytest.mark.parametrize("membership", ["dynamic", "static"])
def test_nothing_is_lost_or_doubled_or_taken_back(bootstrap_servers, is_full, make_application, membership):
    """A dynamic member that was killed keeps its tasks from the others until its session ends; a static one has them
    again at once, and is killed while it works."""
    kills = 60 if is_full else 20
    longest_life = {"dynamic": 8, "static": 3}[membership]
    chance = random.Random(4)
    market, first, stream = scenario(chance, 300 * kills)
    application = make_application(bootstrap_servers, PROPERTIES, CATALOG)
    application.create_topics(PARTITIONS)
    prefix = application.name + "."
    first += market.settle(produce(bootstrap_servers, prefix, first))
    produce(bootstrap_servers, prefix, first[len(market.customers):])
    stream = stream()

    subscriber = Subscriber(bootstrap_servers, prefix + "indicator-snapshots")
    subscriber.start()
    feeder = Feeder(bootstrap_servers, prefix, stream, seconds=kills * longest_life / 2 + SESSION_TIMEOUT / 1000)
    feeder.start()

    def named(member):
        return ["--instance-id", member] if membership == "static" else []

    b = application.start("b", *named("b"))
    for number in range(kills):
        a = application.start("a", "--checkpoint-interval", "1", *named("a"))
        if number == kills // 2:
            b.send_signal(signal.SIGSTOP)
            time.sleep(SESSION_TIMEOUT / 1000 + 3)
            b.send_signal(signal.SIGCONT)
        time.sleep(chance.uniform(0.2, longest_life))
        assert a.poll() is None, application.logs()
        assert b.poll() is None, application.logs()
        a.kill()
        a.wait()
    feeder.join()
    assert feeder.is_done
    assert "is restored from its checkpoint" in application.log_of("a"), "it was never given work that was done in part"

    application.run_until_end("c")
    application.stop(b)
    assert_same_lines(application.snapshots(), clean_result(make_application, first + stream))
    assert_never_taken_back(subscriber.finish(), market.histories)


def scenario(chance, count):
    """A market, what is known of it at first, and (once that is settled) what streams in, amid an example set."""
    lines = [json.loads(line) for line in events("set-103")]
    market = Market(seed=5, **newest_month(lines))

    def stream():
        # The market's own events keep their order; the example set's come in any.
        own, other = iter(market.stream(count)), iter(chance.sample(lines, len(lines)))
        turns = chance.sample([own] * count + [other] * len(lines), count + len(lines))
        return [next(turn) for turn in turns]

    return market, market.customer_events(), stream


class Feeder(threading.Thread):
    """Streams events in at an even rate."""

    def __init__(self, bootstrap_servers, prefix, stream, seconds):
        super().__init__(daemon=True)
        self._arguments = (bootstrap_servers, prefix, stream)
        self._interval = seconds / len(stream)
        self.is_done = False

    def run(self):
        start = time.monotonic()

        def pace(index):
            early = start + index * self._interval - time.monotonic()
            if early > 0.01:
                time.sleep(early)

        produce(*self._arguments, pace)
        self.is_done = True


def newest_month(lines):
    instants = ("occurredAt", "effectiveAt", "billedAt", "passedAt")
    newest = max(line["value"][name] for line in lines for name in instants if name in line["value"])
    return {"year": int(newest[:4]), "month": int(newest[5:7])}


def clean_result(make_application, lines):
    """What one undisturbed run over the same events gives."""
    application = make_application(catalog=CATALOG)
    application.import_lines([json.dumps(line).encode() for line in lines])
    application.run_until_end()
    return application.snapshots()


def assert_never_taken_back(records, histories):
    """Every key's snapshots follow its histories forwards to their ends, and have taken in ever more."""
    follow = Follower(histories)
    for key, value in records:
        follow(key, value)
    assert follow.seen > 1000
    for history in (histories.usage, histories.billing):
        for key, legal in history.items():
            assert legal[follow.position(history, key)] == legal[-1], key


class Follower:
    """Follows what a subscriber sees through the states that are legal, in their order."""

    def __init__(self, histories):
        self.seen = 0
        self._histories = histories
        self._positions = {}
        self._as_of = {}

    def __call__(self, key, value):
        snapshot = messages.snapshots().IndicatorSnapshot.FromString(value or b"")
        if value is not None:
            now, before = snapshot.as_of.ToNanoseconds(), self._as_of.get(key, 0)
            assert before <= now, f"{key} was as of {before}, and then as of {now}"
            self._as_of[key] = now
        if key.startswith("pulse-"):
            self.seen += 1
            parts = snapshot.components
            self._advance(self._histories.usage, key, (parts.active_users_12_months, parts.active_users_month))
            self._advance(self._histories.billing, key, (parts.billed_micros, parts.credited_micros))

    def position(self, history, key):
        return self._positions.get((id(history), key), 0)

    def _advance(self, history, key, state):
        legal, position = history[key], self.position(history, key)
        assert state in legal[position:], f"{key}: {state} is not, or no longer, legal after {legal[position]}"
        self._positions[id(history), key] = legal.index(state, position)


def test_the_check_bites():
    """A snapshot that goes back to an older state is noticed."""
    market = Market(seed=1, year=2026, month=11)
    market.settle([0] * len(market.customers))
    market.stream(3000)
    key, usage = max(market.histories.usage.items(), key=lambda entry: len(entry[1]))
    billing = market.histories.billing[key][-1]

    def record(state):
        snapshot = messages.snapshots().IndicatorSnapshot()
        snapshot.components.active_users_12_months, snapshot.components.active_users_month = state
        snapshot.components.billed_micros, snapshot.components.credited_micros = billing
        return key, snapshot.SerializeToString()

    follow = Follower(market.histories)
    for state in usage[1:]:
        follow(*record(state))
        follow(*record(state))
    with pytest.raises(AssertionError, match="no longer"):
        follow(*record(usage[-2]))
