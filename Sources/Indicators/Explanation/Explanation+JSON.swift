import Contract

// The form is described in docs/openapi.yaml.
extension Explanation {
  /// Writes the explanation as an object with at most `limit` customers and facts; the total and the counts cover all of them.
  /// `customer` is the one that the explanation is limited to, if any.
  package func write(to json: inout JSONWriter, of customer: String = "", limit: Int = .max) {
    json.beginObject()
    json.key("partner")
    json.string(partnerID)
    json.key("month")
    json.string(month.description)
    writeFilters(to: &json)
    json.key("customer")
    json.writeUnlessEmpty(customer)
    writeOutcome(to: &json)
    writeCounts(to: &json)
    writeCustomers(to: &json, limit: limit)
    json.key("partial")
    json.bool(isPartial)
    json.key("facts")
    json.beginArray()
    for fact in facts.prefix(limit) { fact.write(to: &json) }
    json.endArray()
    json.endObject()
  }

  private var query: ExplanationQuery { ExplanationQuery(cell: cell, month: month, indicator: indicator) }

  fileprivate func writeFilters(to json: inout JSONWriter) { query.writeFilters(to: &json) }

  fileprivate func writeOutcome(to json: inout JSONWriter) {
    json.key("standing")
    json.string(standing.rawValue)
    json.key("as_of")
    json.writeUnlessEmpty(asOf?.rfc3339 ?? "")
    json.write(total, of: components, as: "total")
  }

  private func writeCustomers(to json: inout JSONWriter, limit: Int) {
    let whole = indicator.flatMap { value(of: $0) }
    json.key("customers")
    json.beginArray()
    for subtotal in customers.prefix(limit) {
      json.beginObject()
      subtotal.writeName(to: &json)
      let value = indicator.flatMap { subtotal.value(of: $0) }
      json.key("value")
      json.writeUnlessNil(value)
      json.key("share")
      json.writeUnlessNil(value.flatMap { value in indicator?.share(value, of: whole) })
      json.write(subtotal.total, of: components.ofCustomers, as: "total")
      json.key("facts")
      json.number(subtotal.facts)
      json.endObject()
    }
    json.endArray()
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

extension ExplanationQuery {
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
}

extension ExplanationDifference {
  /// Writes the difference as an object with at most `limit` customers and changes; the sums cover all of them. `customer` is the
  /// one that the difference is limited to, if any.
  package func write(to json: inout JSONWriter, of customer: String = "", limit: Int = .max) {
    json.beginObject()
    json.key("partner")
    json.string(after.partnerID)
    after.writeFilters(to: &json)
    json.key("customer")
    json.writeUnlessEmpty(customer)
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
    changes.writeCauses(to: &json)
    json.key("customers")
    json.beginArray()
    for subtotal in customers.prefix(limit) {
      json.beginObject()
      subtotal.writeName(to: &json)
      json.write(subtotal.total, of: after.components.ofCustomers, as: "difference")
      json.key("changes")
      json.number(subtotal.facts)
      json.endObject()
    }
    json.endArray()
    changes.write(to: &json, limit: limit)
    json.endObject()
  }
}

extension NumberHistory {
  /// Writes the history as an object with at most `limit` changes of each step; the sums cover all of them.
  package func write(to json: inout JSONWriter, limit: Int = .max) {
    json.beginObject()
    json.key("partner")
    json.string(partnerID)
    json.key("month")
    json.string(query.month.description)
    query.writeFilters(to: &json)
    json.key("by")
    json.string(page.unit.rawValue)
    json.key("newest")
    write(newest, to: &json)
    json.key("steps")
    json.beginArray()
    for step in steps {
      json.beginObject()
      json.key("at")
      json.writeUnlessEmpty(step.start.rfc3339 ?? "")
      json.key("before")
      write(step.before, to: &json)
      json.key("after")
      write(step.after, to: &json)
      json.write(step.total, of: components, as: "difference")
      step.changes.writeCauses(to: &json)
      step.changes.write(to: &json, limit: limit)
      json.endObject()
    }
    json.endArray()
    json.key("earlier")
    json.writeUnlessEmpty(earlier?.rfc3339 ?? "")
    json.endObject()
  }

  private func write(_ figures: Figures, to json: inout JSONWriter) {
    json.beginObject()
    json.key("standing")
    json.string(figures.standing.rawValue)
    json.key("value")
    json.writeUnlessNil(query.indicator.flatMap { figures.value(of: $0) })
    json.write(figures.total, of: components, as: "total")
    json.endObject()
  }
}

extension [FactChange] {
  fileprivate func writeCauses(to json: inout JSONWriter) {
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
  }

  fileprivate func write(to json: inout JSONWriter, limit: Int) {
    json.key("changes")
    json.beginArray()
    for change in prefix(limit) { change.write(to: &json) }
    json.endArray()
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
  /// Writes the members that identify it.
  fileprivate func writeName(to json: inout JSONWriter) {
    json.key("kind")
    json.string(kind.rawValue)
    json.key(kind == .examPass ? "person" : "customer")
    json.string(owner)
    for (name, value) in [
      ("customer_name", customerName), ("subscription", subscription), (kind.nameOfName, name),
      ("workload", workload),
    ]
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

extension CustomerSubtotal {
  fileprivate func writeName(to json: inout JSONWriter) {
    json.key("customer")
    json.string(customer)
    guard !name.isEmpty else { return }
    json.key("customer_name")
    json.string(name)
  }
}

extension [Component] {
  /// Those whose facts belong to customers.
  package var ofCustomers: [Component] { filter { !Fact.Kind.examPass.components.contains($0) } }
}

extension Fact.Kind {
  /// What kind of id the `name` of such a fact is.
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

  fileprivate mutating func writeUnlessNil(_ value: Double?) {
    if let value { number(value) } else { null() }
  }

  /// The text, or null for an empty one.
  fileprivate mutating func writeUnlessEmpty(_ text: String) {
    if text.isEmpty { null() } else { string(text) }
  }
}
