"""Processes are killed, stopped past their session's end and continued while events stream in."""

import json
import random
import signal
import threading
import time

import messages
from foreign import Subscriber, produce
from market import PARTITIONS, Market
from ndjson import CATALOG, assert_same_lines, events

# The shortest that brokers allow by default, in milliseconds.
SESSION_TIMEOUT = 6_000
PROPERTIES = {"session.timeout.ms": SESSION_TIMEOUT, "heartbeat.interval.ms": 1_000}


def test_nothing_is_lost_or_doubled_or_taken_back(bootstrap_servers, is_full, make_application):
    kills = 60 if is_full else 20
    chance = random.Random(4)
    lines = [json.loads(line) for line in events("set-103")]
    market = Market(seed=5, **newest_month(lines))
    application = make_application(bootstrap_servers, PROPERTIES, CATALOG)
    application.create_topics(PARTITIONS)
    prefix = application.name + "."

    first = market.customer_events()
    first += market.settle(produce(bootstrap_servers, prefix, first))
    produce(bootstrap_servers, prefix, first[len(market.customers):])
    # The market's own events keep their order; the example set's come in any.
    rest = chance.sample(lines, len(lines)) + market.stream(300 * kills)
    order = chance.sample([True] * len(lines) + [False] * (300 * kills), len(rest))
    streams = {True: iter(rest[:len(lines)]), False: iter(rest[len(lines):])}
    rest = [next(streams[which]) for which in order]

    subscriber = Subscriber(bootstrap_servers, prefix + "indicator-snapshots")
    subscriber.start()
    feeder = Feeder(bootstrap_servers, prefix, rest, seconds=3 * kills)
    feeder.start()
    b = application.start("b")
    for number in range(kills):
        a = application.start("a", "--checkpoint-interval", "1")
        if number == kills // 2:
            b.send_signal(signal.SIGSTOP)
            time.sleep(SESSION_TIMEOUT / 1000 + 3)
            b.send_signal(signal.SIGCONT)
        time.sleep(chance.uniform(0.2, 5))
        assert a.poll() is None, application.logs()
        assert b.poll() is None, application.logs()
        a.kill()
        a.wait()
    feeder.join()
    assert feeder.is_done

    application.run_until_end("c")
    application.stop(b)
    assert_same_lines(application.snapshots(), clean_result(make_application, first + rest))
    assert_never_taken_back(subscriber.finish(), market.histories)


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
    """Every key's snapshots follow its histories forwards, and have taken in ever more."""
    positions, as_of, seen = {}, {}, 0
    for key, value in records:
        snapshot = messages.snapshots().IndicatorSnapshot.FromString(value or b"")
        parts = snapshot.components
        if value is not None:
            now = snapshot.as_of.ToNanoseconds()
            assert as_of.get(key, 0) <= now, f"{key} was as of {as_of[key]}, and then as of {now}"
            as_of[key] = now
        if not key.startswith("pulse-"):
            continue
        seen += 1
        for history, state in (
            (histories.usage, (parts.active_users_12_months, parts.active_users_month)),
            (histories.billing, (parts.billed_micros, parts.credited_micros)),
        ):
            legal, position = history[key], positions.get((id(history), key), 0)
            assert state in legal[position:], f"{key}: {state} is not, or no longer, legal after {legal[position]}"
            positions[id(history), key] = legal.index(state, position)
    assert seen > 1000
    for name, history in (("usage", histories.usage), ("billing", histories.billing)):
        for key, legal in history.items():
            found = legal[positions.get((id(history), key), 0)]
            assert found == legal[-1], f"{key}: {name} ended as {found}, not {legal[-1]}"
