import Contract

// The form is described in docs/openapi.yaml.

extension PartnerReport {
  /// The report as the API and its events send it; without names if `names` is nil.
  func json(_ names: PageSettings?) -> [UInt8] {
    var json = JSONWriter()
    write(to: &json, names)
    return json.bytes
  }

  /// Writes the report without the lists of months and filters.
  private func write(to json: inout JSONWriter, _ names: PageSettings?) {
    json.beginObject()
    json.key("partner")
    json.string(partnerID)
    if let names {
      json.key("partner_name")
      json.string(names.partners.name(of: partnerID))
    }
    json.writeMonth(month)
    json.writeFilters(cell, names)
    json.key("in_progress")
    json.bool(isInProgress)
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
    json.key("year_ago")
    json.writeOptional(yearAgo)
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
    // JSON has no infinite numbers.
    if let value, value.isFinite { number(value) } else { null() }
  }

  /// The member "month"; null while there is no result.
  mutating func writeMonth(_ month: String) {
    key("month")
    if month.isEmpty { null() } else { string(month) }
  }

  /// The member "filters".
  mutating func writeFilters(_ cell: Cell, _ names: PageSettings?) {
    key("filters")
    writeCell(cell, names)
  }

  /// A cell as an object, in which null stands for all.
  mutating func writeCell(_ cell: Cell, _ names: PageSettings?) {
    beginObject()
    var members = [("product", cell.product), ("workload", cell.workload), ("country", cell.country)]
    if let names = names?.names {
      members.append(("product_name", cell.product.isEmpty ? "" : names.product(cell.product)))
      members.append(
        ("workload_name", cell.workload.isEmpty ? "" : names.workload(cell.workload, ofProduct: cell.product))
      )
    }
    for (name, value) in members {
      key(name)
      if value.isEmpty { null() } else { string(value) }
    }
    endObject()
  }

  /// The member "segments". A range that is withheld has neither end.
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
