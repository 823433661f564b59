import Contract

// The form is described in docs/openapi.yaml.

extension PartnerReport {
  /// The report as the API and its events have it.
  var json: [UInt8] {
    var json = JSONWriter()
    write(to: &json)
    return json.bytes
  }

  /// Writes the report without the lists of months and filters.
  private func write(to json: inout JSONWriter) {
    json.beginObject()
    json.key("partner")
    json.string(partnerID)
    json.writeMonth(month)
    json.writeFilters(cell)
    json.key("as_of")
    if let time = asOf?.rfc3339 { json.string(time) } else { json.null() }
    json.key("indicators")
    json.beginArray()
    for indicator in indicators { indicator.write(to: &json) }
    json.endArray()
    json.key("components")
    if let components { components.write(to: &json) } else { json.null() }
    json.endObject()
  }
}

extension Components {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    for component in Component.allCases {
      json.key(component.name)
      json.number(self[component])
    }
    json.endObject()
  }
}

extension IndicatorReport {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.key("indicator")
    json.string(kind.name)
    json.key("value")
    json.writeOptional(value)
    json.key("previous")
    json.writeOptional(previous)
    json.key("trend")
    json.string(trend.name?.description ?? "UNCHANGED")
    json.key("segment")
    if let own = ownSegment { json.number(own.number) } else { json.null() }
    json.key("partners")
    json.number(partners)
    json.writeSegments(segments)
    json.key("history")
    json.beginArray()
    for point in history {
      json.beginObject()
      json.writeMonth(point.month)
      json.key("value")
      json.writeOptional(point.value)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}

extension JSONWriter {
  mutating func writeOptional(_ value: Double?) {
    // JSON has no number for what is not finite.
    if let value, value.isFinite { number(value) } else { null() }
  }

  /// The member "month"; null as long as there is no result.
  mutating func writeMonth(_ month: String) {
    key("month")
    if month.isEmpty { null() } else { string(month) }
  }

  /// The member "filters".
  mutating func writeFilters(_ cell: Cell) {
    key("filters")
    writeCell(cell)
  }

  /// Null stands for all.
  mutating func writeCell(_ cell: Cell) {
    beginObject()
    for (name, value) in [("product", cell.product), ("workload", cell.workload), ("country", cell.country)] {
      key(name)
      if value.isEmpty { null() } else { string(value) }
    }
    endObject()
  }

  /// The member "segments". Of a range that is withheld, neither end is told.
  mutating func writeSegments(_ segments: [Segment]) {
    key("segments")
    beginArray()
    for segment in segments {
      let (state, least, greatest): (String, Double?, Double?) =
        switch segment.range {
        case .shown(let least, let greatest): ("shown", least, greatest)
        case .withheld: ("withheld", nil, nil)
        case .empty: ("empty", nil, nil)
        }
      beginObject()
      key("segment")
      number(segment.number)
      key("partners")
      number(segment.partners)
      key("range")
      string(state)
      key("min")
      writeOptional(least)
      key("max")
      writeOptional(greatest)
      endObject()
    }
    endArray()
  }
}
