"""What a load needs. Figures that were measured are in `Measured`; docs/PERFORMANCE.md says how, docs/CAPACITY.md what follows."""

from dataclasses import dataclass

DAY = 86_400
GB = 1e9


@dataclass(frozen=True)
class Load:
    events: float = 1e9  # usage actions a day
    partners: float = 1e5
    customers: float = 10  # of each partner
    users: float = 100  # of each partner
    workloads: float = 1.5  # that each user is active in
    other_events: float = 18  # of each partner and month: subscriptions, billing lines, assignments, …
    peak: float = 3  # the busiest hour, as a multiple of the average
    first_day: float = 1 / 3  # of a month's (user, workload) pairs, seen on its first day
    retention: float | None = None  # of the inputs, in days; None for ever

    @property
    def rate(self):
        """Events a second, on average."""
        return self.events / DAY

    @property
    def pairs(self):
        """Active (user, subscription, workload)."""
        return self.partners * self.users * self.workloads

    @property
    def new_rate(self):
        """Events a second that change a result, on the first day of a month."""
        return self.pairs * self.first_day / DAY + self.partners * self.other_events / 30 / DAY


@dataclass(frozen=True)
class Measured:
    known_action: float = 0.46e-6  # CPU seconds of an action that changes nothing, replayed
    commits: float = 0.10  # cores that the polls and commits of a deployment take, however few events there are
    member_commits: float = 0.035  # cores more for each member
    market_event: float = 15.3e-6  # of an event in a market of 100,000 partners, replayed, with all that follows (547 s / 35.7 million)
    cells: float = 6  # that an event changes at most
    cell_update: float = 20.6e-6  # CPU seconds to rank and publish a partner in a cell of 100,000, twice that of the update alone
    partner: float = 70e3  # bytes of state of a partner with ten customers
    pair: float = 48  # bytes of state of an active (user, subscription, workload)
    process: float = 250e6  # bytes that do not depend on the market
    replay: float = 200e6  # bytes that a replay needs beside the state, divided among the members as it is
    action: float = 164  # bytes of an action, before compression
    stored_action: float = 80  # bytes that it takes on a broker's disk
    snapshots: float = 818  # of a partner, in a market of 100,000
    snapshot: float = 300  # bytes of its record
    snapshot_in_view: float = 100  # bytes of it in `serve`
    turn: float = 45.3  # records of a partner that a month's turn writes
    turn_part: float = 7_000  # records of 300 bytes in the 2 MB of the turn that go with a drain
    drains: float = 10  # a second
    checkpoint: float = 65e3  # bytes of a partner in all checkpoints


@dataclass(frozen=True)
class Machines:
    members: int = 4
    cores: float = 4  # of a member
    memory: float = 16e9  # of a member, and of a server
    network: float = 125e6  # bytes a second of a member and of a broker: 1 Gbit/s
    brokers: int = 3
    replicas: int = 3
    disk: float = 4e12  # of a broker
    read: float = 100e6  # bytes a second that a broker reads from its disk for one that replays, beside its other work


@dataclass(frozen=True)
class Need:
    """How much of something is used. `share` is that of what there is."""

    what: str
    used: str
    share: float


def state(load, measured):
    """Bytes of all tasks' state."""
    return load.partners * measured.partner * load.customers / 10 + load.pairs * measured.pair


def member_memory(load, measured, members, spare=1):
    """Bytes of one of so many members if `spare` others are gone; while it replays."""
    left = max(1, members - spare)
    return measured.process + (state(load, measured) + measured.replay) / left


def live_cores(load, measured, members):
    """Of all members, in the busiest hour of a month's first day."""
    fixed = measured.commits + members * measured.member_commits
    new = load.new_rate * load.peak
    return fixed + load.rate * load.peak * measured.known_action + new * measured.cells * measured.cell_update


def stored_inputs(load, measured, days):
    """Bytes of the inputs of so many days on the brokers' disks, once."""
    return load.events * measured.stored_action * days


def stored_results(load, measured):
    """Bytes of outputs, partials and checkpoints on the brokers' disks, once, each twice until it is compacted."""
    return 2 * load.partners * (2 * measured.snapshots * measured.snapshot + measured.checkpoint)


def needs(load, measured, machines):
    """What is used of each resource, the scarcest first; a year of inputs if they are kept for ever."""
    days = load.retention or 365
    rate_in = load.rate * load.peak * measured.action
    written = load.new_rate * load.peak * measured.cells * 2 * measured.snapshot
    broker = ((rate_in + written) * machines.replicas * 2 + rate_in) / machines.brokers
    disk = (stored_inputs(load, measured, days) + stored_results(load, measured)) * machines.replicas
    cores = live_cores(load, measured, machines.members)
    memory = member_memory(load, measured, machines.members)
    view = 2 * load.partners * measured.snapshots * measured.snapshot_in_view + measured.process
    member = (rate_in + 2 * written) / machines.members
    found = [
        Need("CPU of the members", f"{cores:.2f} cores", cores / machines.members / machines.cores),
        Need("memory of a member, another one gone", f"{memory / GB:.1f} GB", memory / machines.memory),
        Need("memory of a server, while it switches", f"{view / GB:.1f} GB", view / machines.memory),
        Need("network of a member", f"{member / 1e6:.1f} MB/s", member / machines.network),
        Need("network of a broker", f"{broker / 1e6:.1f} MB/s", broker / machines.network),
        Need(f"disk of the brokers, {days:,.0f} days", f"{disk / 1e12:.1f} TB", disk / machines.brokers / machines.disk),
    ]
    return sorted(found, key=lambda need: -need.share)


@dataclass(frozen=True)
class Duration:
    """Seconds that something takes, by what it waits for."""

    cpu: float
    other: float

    @property
    def seconds(self):
        return max(self.cpu, self.other)


def turn(load, measured, machines):
    """A month's turn, until all of it is written, beside events that go on as usual."""
    records = load.partners * measured.turn
    return Duration(
        records * measured.cell_update / machines.members, records / measured.turn_part / measured.drains / machines.members)


def recompute(load, measured, machines, days):
    """A replay of so many days of inputs into another result, with one thread of each stage in each member."""
    market = load.partners * (load.other_events * 24 + 1.5 * load.users)
    cpu = load.events * days * measured.known_action + market * measured.market_event
    read = stored_inputs(load, measured, days) / machines.brokers / machines.read
    received = load.events * days * measured.stored_action / machines.members / machines.network
    return Duration(cpu / machines.members, max(read, received))
