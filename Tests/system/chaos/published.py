"""What is published, read by a foreign client, in the form of the model's result."""

import messages
from foreign import read_all


class Published:
    """The newest value of each key of both output topics; `problems` tells what must not be on the way there."""

    def __init__(self, bootstrap_servers, prefix):
        self.problems = []
        self._as_of = {}
        types = messages.snapshots()
        self.snapshots = self._read(
            bootstrap_servers, prefix + "indicator-snapshots", types.IndicatorSnapshot, self._snapshot)
        self.scales = self._read(bootstrap_servers, prefix + "indicator-scales", types.IndicatorScale, self._scale)

    def _read(self, bootstrap_servers, topic, make, convert):
        newest = {}
        for record in read_all(bootstrap_servers, topic):
            key = record.key().decode()
            if record.value() is None:
                newest.pop(key, None)
            else:
                newest[key] = convert(key, make.FromString(record.value()))
        return newest

    def _snapshot(self, key, snapshot):
        cell, now = snapshot.cell, snapshot.as_of.ToNanoseconds()
        if key != "|".join([snapshot.partner_id, cell.product, cell.workload, cell.country, snapshot.month]):
            self.problems.append(f"snapshot {key} says that it is another: {snapshot}")
        if now < self._as_of.get(key, 0):
            self.problems.append(f"snapshot {key} goes back: from as of {self._as_of[key]} to as of {now}")
        self._as_of[key] = now
        indicators = {
            field.name: _indicator(getattr(snapshot, field.name)) for field in snapshot.DESCRIPTOR.fields
            if field.message_type is not None and field.message_type.name == "Indicator"}
        components = {
            field.name: getattr(snapshot.components, field.name) for field in snapshot.components.DESCRIPTOR.fields}
        return {"indicators": indicators, "components": components}

    def _scale(self, key, scale):
        if key != "|".join([scale.cell.product, scale.cell.workload, scale.cell.country, scale.month]):
            self.problems.append(f"scale {key} says that it is another: {scale}")
        return [{
            "indicator": each.indicator, "partners": each.partners,
            "bars": [{"bar": bar.bar, "partners": bar.partners, "min": _optional(bar, "min"),
                      "max": _optional(bar, "max")} for bar in each.bars],
        } for each in scale.scales]


def _indicator(indicator):
    return {"value": _optional(indicator, "value"), "previous": _optional(indicator, "previous"),
            "trend": type(indicator).Trend.Name(indicator.trend), "bar": _optional(indicator, "bar")}


def _optional(message, name):
    return getattr(message, name) if message.HasField(name) else None
