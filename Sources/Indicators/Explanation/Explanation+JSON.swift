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
    json.key("filters")
    json.beginObject()
    for (name, value) in [("product", cell.product), ("workload", cell.workload), ("country", cell.country)] {
      json.key(name)
      json.writeUnlessEmpty(value)
    }
    json.endObject()
    json.key("indicator")
    json.writeUnlessEmpty(indicator?.name ?? "")
    json.key("standing")
    json.string(standing.rawValue)
    json.key("as_of")
    json.writeUnlessEmpty(asOf?.rfc3339 ?? "")
    writeTotal(to: &json)
    writeCounts(to: &json)
    json.key("partial")
    json.bool(isPartial)
    json.key("facts")
    json.beginArray()
    for fact in facts.prefix(limit) { fact.write(to: &json) }
    json.endArray()
    json.endObject()
  }

  private func writeTotal(to json: inout JSONWriter) {
    let total = total
    json.key("total")
    json.beginObject()
    for component in components {
      json.key(component.name)
      json.number(total[component])
    }
    json.endObject()
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

extension Fact {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
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
    if let amount {
      json.key("amount")
      json.number(amount)
    }
    json.key("counts")
    json.beginObject()
    for share in shares {
      json.key(share.component.name)
      json.number(share.amount)
    }
    json.endObject()
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
  /// The text, or null for an empty one.
  fileprivate mutating func writeUnlessEmpty(_ text: String) {
    if text.isEmpty { null() } else { string(text) }
  }
}
