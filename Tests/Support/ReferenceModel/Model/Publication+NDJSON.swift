import Contract

extension Publication {
  /// The lines of an `expected.ndjson`: snapshots, then scales, each by partner, product,
  /// workload, country and month.
  package var lines: [String] {
    func order(_ cell: Cell?, _ month: String) -> [String] {
      [cell?.product ?? "", cell?.workload ?? "", cell?.country ?? "", month]
    }
    func sorted(_ lines: [(order: [String], line: String)]) -> [String] {
      lines.map { (order: $0.order.map(ModelText.init), line: $0.line) }
        .sorted { $0.order.lexicographicallyPrecedes($1.order) }.map(\.line)
    }
    return sorted(snapshots.values.map { ([$0.partnerID] + order($0.cell, $0.month), $0.line) })
      + sorted(scales.values.map { (order($0.cell, $0.month), $0.line) })
  }
}

extension IndicatorSnapshot {
  /// The line of an `expected.ndjson`.
  var line: String {
    let indicators = IndicatorKind.allCases.map { kind in
      let indicator = self[kind] ?? Indicator()
      let trend = indicator.trend.name.map { "\($0)" } ?? "?"
      return #""\#(kind.name)":{"value":\#(json(indicator.value)),"previous":\#(json(indicator.previous)),"#
        + #""trend":"\#(trend)","bar":\#(indicator.bar.map { "\($0)" } ?? "null")}"#
    }
    let values = components ?? Components()
    let components = Component.allCases.map { #""\#($0.name)":\#(values[$0])"# }
    return #"{"snapshot":{"key":\#(json(key)),"indicators":{\#(indicators.joined(separator: ","))},"#
      + #""components":{\#(components.joined(separator: ","))}}}"#
  }
}

extension IndicatorScale {
  /// The line of an `expected.ndjson`.
  var line: String {
    let scales = scales.map { scale in
      let bars = scale.bars.map {
        #"{"bar":\#($0.bar),"partners":\#($0.partners),"min":\#(json($0.min)),"max":\#(json($0.max))}"#
      }
      return #"{"indicator":"\#(scale.indicator)","partners":\#(scale.partners),"#
        + #""bars":[\#(bars.joined(separator: ","))]}"#
    }
    return #"{"scale":{"key":\#(json(key)),"scales":[\#(scales.joined(separator: ","))]}}"#
  }
}

private func json(_ number: Double?) -> String { number.map { "\($0)" } ?? "null" }

/// A JSON string, escaped to ASCII.
private func json(_ text: String) -> String {
  let escaped = text.utf16.map { unit in
    switch unit {
    case 0x22, 0x5c: "\\" + String(UnicodeScalar(UInt8(unit)))
    case 0x20..<0x7f: String(UnicodeScalar(UInt8(unit)))
    default:
      "\\u" + String(repeating: "0", count: 4 - String(unit, radix: 16).count) + String(unit, radix: 16)
    }
  }
  return "\"\(escaped.joined())\""
}
