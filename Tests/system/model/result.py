"""The whole result: every snapshot and scale that must be published."""

from collections import defaultdict
from fractions import Fraction

from model.contributions import Contributions
from model.facts import Facts
from model.instants import month_name

_TRAILING = ["billed_micros", "credited_micros", "customers_added", "customers_lost", "seats_added", "seats_lost"]
_LEVELS = ["certified_individuals", "production_instances"]


def result(catalog, events):
    """From accepted events, (topic, value) in the order of the log: {"snapshots": …, "scales": …}, both by key."""
    if not events:
        return {"snapshots": {}, "scales": {}}
    facts = Facts(events)
    windows = _Windows(Contributions(catalog, facts), _eligibility(catalog, facts))
    snapshots, ranked = {}, defaultdict(dict)
    for (partner, cell), month in windows.snapshots():
        components = windows.components(partner, cell, month)
        values, previous = _indicators(components), _indicators(windows.components(partner, cell, month - 1))
        snapshots[_key(partner, *cell, month_name(month))] = {
            "indicators": {name: _indicator(value, previous[name]) for name, value in values.items()},
            "components": components,
        }
        ranked[cell, month][partner] = values
    scales = {}
    for (cell, month), partners in ranked.items():
        scale = []
        for name in _indicators(defaultdict(int)):
            values = {partner: each[name] for partner, each in partners.items() if each[name] is not None}
            bars = _bars(values)
            for partner, bar in bars.items():
                snapshots[_key(partner, *cell, month_name(month))]["indicators"][name]["bar"] = bar
            scale.append(_scale(name, values, bars))
        scales[_key(*cell, month_name(month))] = scale
    return {"snapshots": snapshots, "scales": scales}


class _Windows:
    """Sums over twelve months, and levels."""

    def __init__(self, contributions, is_eligible):
        self._amounts, self._users = contributions.amounts, contributions.users
        self._published = contributions.months[12:]
        self._is_eligible = is_eligible

    def snapshots(self):
        """((partner, cell), month) of each that must exist."""
        keys = {key for month in self._amounts for key in (*self._amounts[month], *self._users[month])}
        for key in keys:
            for month in self._published:
                if self._is_eligible(key[0], month) and any(self.components(*key, month).values()):
                    yield key, month

    def components(self, partner, cell, month):
        key = (partner, cell)
        trailing = [self._amounts[each].get(key, {}) for each in range(month - 11, month + 1)]
        users = [self._users[each].get(key, set()) for each in range(month - 11, month + 1)]
        components = {name: sum(amounts.get(name, 0) for amounts in trailing) for name in _TRAILING}
        components |= {name: trailing[-1].get(name, 0) for name in _LEVELS}
        components["active_users_12_months"] = len(set().union(*users))
        components["active_users_month"] = len(users[-1])
        components["assigned_seats"] = trailing[-1].get("assigned_seats", 0)
        return components


def _eligibility(catalog, facts):
    def is_eligible(partner, month):
        state = facts.state("partners", (partner,), month)
        return bool(state and state.get("accounts") and state.get("country") not in catalog.excluded_countries)
    return is_eligible


def _indicators(components):
    """The seven, exact; None where undefined."""
    active = Fraction(components["active_users_12_months"], 12)
    seats = components["assigned_seats"]
    return {
        "net_new_revenue": Fraction(components["billed_micros"] - components["credited_micros"], 10**6),
        "customers_added": Fraction(components["customers_added"]),
        "net_paid_seats_added": Fraction(components["seats_added"] - components["seats_lost"]),
        "certified_individuals": Fraction(components["certified_individuals"]),
        "production_instances": Fraction(components["production_instances"]),
        "monthly_active_users": active,
        "mau_per_assigned_seat": active / seats if seats else None,
    }


def _indicator(value, previous):
    if value is None or previous is None or value == previous:
        trend = "UNCHANGED"
    else:
        trend = "UP" if value > previous else "DOWN"
    return {"value": _double(value), "previous": _double(previous), "trend": trend, "bar": None}


def _bars(values):
    """The bar of each partner: the least b with v <= q_b, the ceil(b*n/4)-th smallest."""
    ordered = sorted(values.values())
    quartiles = [(bar, ordered[-(-bar * len(ordered) // 4) - 1]) for bar in (1, 2, 3, 4)] if ordered else []
    return {partner: min(bar for bar, limit in quartiles if value <= limit) for partner, value in values.items()}


def _scale(name, values, bars):
    rows = []
    for bar in (1, 2, 3, 4):
        within = [value for partner, value in values.items() if bars[partner] == bar]
        rows.append({"bar": bar, "partners": len(within), "min": _double(min(within, default=None)),
                     "max": _double(max(within, default=None))})
    return {"indicator": name, "partners": len(values), "bars": rows}


def _double(value):
    return None if value is None else float(value)


def _key(*parts):
    return "|".join(parts)
