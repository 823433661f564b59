import Contract

// The form is described in docs/openapi.yaml.
extension Explanation {
  /// Writes the explanation as an object, with the first `limit` facts; all of them make the total and the counts.
  package func write(to json: inout JSONWriter, limit: Int = .max) {
    json.beginObject()
    json.key("partner")
    json.string(partnerID)
    json.key("month")
    json.string(month.description)
    writeFilters(to: &json)
    writeOutcome(to: &json)
    writeCounts(to: &json)
    json.key("partial")
    json.bool(isPartial)
    json.key("facts")
    json.beginArray()
    for fact in facts.prefix(limit) { fact.write(to: &json) }
    json.endArray()
    json.endObject()
  }

  fileprivate func writeFilters(to json: inout JSONWriter) {
    json.key("filters")
    json.beginObject()
    for (name, value) in [("product", cell.product), ("workload", cell.workload), ("country", cell.country)] {
      json.key(name)
      json.writeUnlessEmpty(value)
    }
    json.endObject()
    json.key("indicator")
    json.writeUnlessEmpty(indicator?.name ?? "")
  }

  fileprivate func writeOutcome(to json: inout JSONWriter) {
    json.key("standing")
    json.string(standing.rawValue)
    json.key("as_of")
    json.writeUnlessEmpty(asOf?.rfc3339 ?? "")
    json.write(total, of: components, as: "total")
  }

  private func writeCounts(to json: inout JSONWriter) {
    json.key("counts")
    json.beginArray()
    for count in counts {
      json.beginObject()
      json.key("kind")
      json.string(count.kind.rawValue)
      json.key("reason")
      json.writeUnlessEmpty(count.reason?.rawValue ?? "")
      json.key("facts")
      json.number(count.facts)
      json.endObject()
    }
    json.endArray()
  }
}

extension ExplanationDifference {
  /// Writes the difference as an object, with the first `limit` changes; all of them make the sums.
  package func write(to json: inout JSONWriter, limit: Int = .max) {
    json.beginObject()
    json.key("partner")
    json.string(after.partnerID)
    after.writeFilters(to: &json)
    json.key("since")
    json.writeUnlessEmpty(since?.rfc3339 ?? "")
    for (name, side) in [("before", before), ("after", after)] {
      json.key(name)
      json.beginObject()
      json.key("month")
      json.string(side.month.description)
      side.writeOutcome(to: &json)
      json.endObject()
    }
    json.write(total, of: after.components, as: "difference")
    json.key("causes")
    json.beginArray()
    for sum in causes {
      json.beginObject()
      json.key("kind")
      json.string(sum.kind.rawValue)
      json.key("cause")
      json.string(sum.cause.rawValue)
      json.key("changes")
      json.number(sum.changes)
      json.write(sum.difference, of: sum.kind.components, as: "difference")
      json.endObject()
    }
    json.endArray()
    json.key("changes")
    json.beginArray()
    for change in changes.prefix(limit) { change.write(to: &json) }
    json.endArray()
    json.endObject()
  }
}

extension FactChange {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    fact.writeName(to: &json)
    json.key("cause")
    json.string(cause.rawValue)
    json.write(difference, as: "difference")
    json.write(before, as: "before")
    json.write(after, as: "after")
    json.key("reason_before")
    json.writeUnlessEmpty(reasonBefore?.rawValue ?? "")
    json.key("reason_after")
    json.writeUnlessEmpty(reasonAfter?.rawValue ?? "")
    json.key("arrived_at")
    json.writeUnlessEmpty(arrivedAt?.rfc3339 ?? "")
    json.key("late")
    json.bool(isLate)
    json.endObject()
  }
}

extension Fact {
  /// Writes what it is about.
  fileprivate func writeName(to json: inout JSONWriter) {
    json.key("kind")
    json.string(kind.rawValue)
    json.key(kind == .examPass ? "person" : "customer")
    json.string(owner)
    for (name, value) in [("subscription", subscription), (kind.nameOfName, name), ("workload", workload)]
    where !value.isEmpty {
      json.key(name)
      json.string(value)
    }
    if let users {
      json.key("users")
      json.number(users)
    }
    if let month {
      json.key("month")
      json.string(month.description)
    }
  }

  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    writeName(to: &json)
    if let amount {
      json.key("amount")
      json.number(amount)
    }
    json.write(shares, as: "counts")
    json.key("reason")
    json.writeUnlessEmpty(reason?.rawValue ?? "")
    if let refusal {
      json.key("refusal")
      json.string(refusal.rawValue)
    }
    json.endObject()
  }
}

extension Fact.Kind {
  /// What the `name` of such a fact is the id of.
  package var nameOfName: String {
    switch self {
    case .billingLine: "line"
    case .examPass: "exam"
    case .instance: "instance"
    case .usage, .assignment: "user"
    case .customer, .seatChange: "name"
    }
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ values: ComponentValues, of components: [Component], as name: String) {
    key(name)
    beginObject()
    for component in components {
      key(component.name)
      number(values[component])
    }
    endObject()
  }

  fileprivate mutating func write(_ shares: [Fact.Share], as name: String) {
    key(name)
    beginObject()
    for share in shares {
      key(share.component.name)
      number(share.amount)
    }
    endObject()
  }

  /// The text, or null for an empty one.
  fileprivate mutating func writeUnlessEmpty(_ text: String) {
    if text.isEmpty { null() } else { string(text) }
  }
}
