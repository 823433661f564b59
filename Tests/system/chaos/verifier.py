"""Works out from the input topics, by a slow model, what must be published, and compares all that is."""

from collections import Counter
from typing import NamedTuple

from chaos.encoding import decode
from chaos.positions import Positions
from chaos.published import Published
from foreign import read_all
from model import Catalog, refusal, result
from model.refusal import TOPICS


class Verdict(NamedTuple):
    # Their values by topic, partition and offset.
    events: dict
    refused: int
    snapshots: int
    scales: int
    problems: list


def verify(bootstrap_servers, prefix, groups, catalog_path):
    """Nothing may be written meanwhile."""
    catalog = Catalog(catalog_path)
    events, accepted, refused = {}, [], {}
    for record in read_all(bootstrap_servers, [prefix + topic for topic in TOPICS]):
        topic = record.topic().removeprefix(prefix)
        place = topic, record.partition(), record.offset()
        events[place] = record.value()
        value = decode(topic, record.value())
        if value is None or refusal(topic, value, catalog.currency, record.timestamp()[1] * 10**6):
            refused[place] = (record.key(), record.value())
        else:
            accepted.append((topic, value))
    wanted, found = result(catalog, accepted), Published(bootstrap_servers, prefix)
    problems = [
        *found.problems,
        *Positions(groups).read(bootstrap_servers).problems,
        *differences("snapshot", found.snapshots, wanted["snapshots"]),
        *differences("scale", found.scales, wanted["scales"]),
        *rejections(read_all(bootstrap_servers, prefix + "rejected-events"), refused),
    ]
    return Verdict(events, len(refused), len(found.snapshots), len(found.scales), problems)


def rejections(records, refused):
    """Each refused event must be there exactly once, as it came."""
    found, counts = {}, Counter()
    for record in records:
        headers = {name: value.decode() for name, value in record.headers()}
        place = headers["topic"], int(headers["partition"]), int(headers["offset"])
        found[place] = (record.key(), record.value())
        counts[place] += 1
    yield from (f"rejected event {place} is there {count} times" for place, count in counts.items() if count > 1)
    yield from differences("rejected event", found, refused)


def differences(what, found, wanted):
    for key in sorted(found.keys() | wanted.keys()):
        if key not in wanted:
            yield f"{what} {key} must not be: {found[key]}"
        elif key not in found:
            yield f"{what} {key} is missing: {wanted[key]}"
        elif found[key] != wanted[key]:
            yield f"{what} {key} is {found[key]}, and must be {wanted[key]}"
