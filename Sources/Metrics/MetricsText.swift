/// Prometheus' text format, version 0.0.4.
package struct MetricsText: Sendable {
  package typealias Labels = [(name: String, value: String)]

  package enum Kind: String, Sendable {
    case counter
    case gauge
    case histogram
  }

  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  private(set) package var text = ""

  package init() {}

  /// Begins a metric; all of its samples must follow before the next one begins.
  package mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(Self.escaped(help, quote: false))\n# TYPE \(name) \(kind.rawValue)\n"
  }

  package mutating func sample(_ name: String, _ labels: Labels, _ value: Double) {
    text += name
    if !labels.isEmpty {
      let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quote: true))\"" }
      text += "{\(pairs.joined(separator: ","))}"
    }
    text += " \(Self.number(value))\n"
  }

  /// A metric with one sample.
  package mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
    begin(name, kind, help)
    sample(name, [], value)
  }

  /// The samples of the histogram that was begun.
  package mutating func histogram(_ name: String, _ labels: Labels, _ histogram: Histogram) {
    for (bound, count) in histogram.cumulative {
      let text = bound.isFinite ? Self.number(bound) : "+Inf"
      sample("\(name)_bucket", labels + [("le", text)], Double(count))
    }
    sample("\(name)_sum", labels, histogram.sum)
    sample("\(name)_count", labels, Double(histogram.count))
  }

  private static func number(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "+Inf" : "-Inf" }
    return value == value.rounded() && value.magnitude < 0x1p53 ? String(Int64(value)) : value.description
  }

  private static func escaped(_ text: String, quote: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quote: escaped += "\\\""
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
