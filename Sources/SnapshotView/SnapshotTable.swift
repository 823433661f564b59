import Contract

/// Snapshots as a table for analysis: a row for each partner, cell and month.
package enum SnapshotTable {
  /// A value in a row. `none` means undefined, such as a ratio to zero.
  package enum Value: Sendable, Equatable {
    case none
    case text(String)
    case integer(Int64)
    case number(Double)
  }

  /// The type of a column's values other than `none`.
  package enum Kind: Sendable {
    case text
    case integer
    case number
  }

  package struct Column: Sendable {
    package let name: String
    package let kind: Kind
    /// Whether it is part of the primary key, and so never `none`.
    package let isKey: Bool
    fileprivate let value: @Sendable (IndicatorSnapshot) -> Value
  }

  /// All columns. The order is a promise: later versions only append.
  package static let columns: [Column] =
    keys + indicators + components + [
      Column(name: "as_of", kind: .text, isKey: false) { snapshot in
        snapshot.asOf?.rfc3339.map { .text($0) } ?? .none
      }
    ]

  private static let keys: [Column] = [
    Column(name: "partner_id", kind: .text, isKey: true) { .text($0.partnerID) },
    Column(name: "product", kind: .text, isKey: true) { .text($0.cell?.product ?? "") },
    Column(name: "workload", kind: .text, isKey: true) { .text($0.cell?.workload ?? "") },
    Column(name: "country", kind: .text, isKey: true) { .text($0.cell?.country ?? "") },
    Column(name: "month", kind: .text, isKey: true) { .text($0.month) },
  ]

  private static let indicators = IndicatorKind.allCases.flatMap { kind in
    [
      Column(name: kind.name, kind: .number, isKey: false) { number($0[kind]?.value) },
      Column(name: "\(kind.name)_previous", kind: .number, isKey: false) { number($0[kind]?.previous) },
      Column(name: "\(kind.name)_trend", kind: .text, isKey: false) { snapshot in
        let trend = snapshot[kind]?.trend ?? .unchanged
        return .text(trend.name?.description ?? String(trend.rawValue))
      },
      Column(name: "\(kind.name)_bar", kind: .integer, isKey: false) { snapshot in
        snapshot[kind]?.bar.map { .integer(Int64($0)) } ?? .none
      },
    ]
  }

  // Prefixed, since some components have the names of indicators.
  private static let components = Component.allCases.map { component in
    Column(name: "component_\(component.name)", kind: .integer, isKey: false) {
      .integer($0.components?[component] ?? 0)
    }
  }

  private static func number(_ value: Double?) -> Value {
    value.flatMap { $0.isFinite ? .number($0) : nil } ?? .none
  }

  /// The values of a snapshot, one for each column.
  package static func row(_ snapshot: IndicatorSnapshot) -> [Value] { columns.map { $0.value(snapshot) } }
}

extension SnapshotTable {
  /// The header line (RFC 4180), after a byte order mark, which tells spreadsheets that the file is UTF-8.
  package static var csvHeader: String {
    "\u{feff}" + columns.map(\.name).joined(separator: ",") + "\r\n"
  }

  /// A line (RFC 4180). Undefined values are empty.
  package static func csv(_ snapshot: IndicatorSnapshot) -> String {
    row(snapshot).map { value in
      switch value {
      case .none: ""
      case .text(let text): CSVField(text).text
      case .integer(let number): String(number)
      case .number(let number): number.description
      }
    }.joined(separator: ",") + "\r\n"
  }

  /// Writes the members of a JSON object, one for each column. Undefined values are null.
  package static func write(_ snapshot: IndicatorSnapshot, to json: inout JSONWriter) {
    for (column, value) in zip(columns, row(snapshot)) {
      json.key(column.name)
      switch value {
      case .none: json.null()
      case .text(let text): json.string(text)
      case .integer(let number): json.number(number)
      case .number(let number): json.number(number)
      }
    }
  }
}
