import Contract
import EventLog
import SQLiteLog
import SnapshotView

/// The tables of an export (docs/ANALYSIS.md).
struct ResultTables {
  private let connection: Connection

  /// Makes the file at `path`.
  init(_ path: String) throws(LogError) {
    connection = try Connection(path: path, busyTimeout: 0)
    // Whoever is interrupted starts again, with another file.
    try connection.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
  }

  func fill(_ result: ExportedResult) throws(LogError) {
    try connection.write { () throws(LogError) in
      try connection.execute(Self.schema)
      try write(result.view)
      try write(result.partners)
      try write(about: result)
      // By which queries choose among the indexes.
      try connection.execute("ANALYZE")
    }
  }

  private static var schema: String {
    let columns = SnapshotTable.columns.map { column in
      let type =
        switch column.kind {
        case .text: "TEXT"
        case .integer: "INTEGER"
        case .number: "REAL"
        }
      return "\(column.name) \(type)\(column.isKey ? " NOT NULL" : "")"
    }
    let values = IndicatorKind.allCases.map { kind in
      """
      SELECT partner_id, product, workload, country, month, '\(kind.name)' AS indicator, \(kind.name) AS value,
        \(kind.name)_previous AS previous, \(kind.name)_trend AS trend, \(kind.name)_bar AS bar FROM snapshots
      """
    }
    return """
      CREATE TABLE snapshots (
        \(columns.joined(separator: ",\n  ")),
        PRIMARY KEY (partner_id, month, product, workload, country)
      ) WITHOUT ROWID;
      CREATE INDEX snapshots_by_cell ON snapshots (month, product, workload, country);
      CREATE VIEW indicators AS
      \(values.joined(separator: "\nUNION ALL\n"));
      CREATE TABLE scales (
        product TEXT NOT NULL, workload TEXT NOT NULL, country TEXT NOT NULL, month TEXT NOT NULL,
        indicator TEXT NOT NULL, partners INTEGER NOT NULL, bar INTEGER NOT NULL,
        bar_partners INTEGER NOT NULL, bar_min REAL, bar_max REAL,
        PRIMARY KEY (month, product, workload, country, indicator, bar)
      ) WITHOUT ROWID;
      CREATE TABLE partners (partner_id TEXT PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE about (
        generation INTEGER NOT NULL, newest_event TEXT, catalog TEXT, semantics INTEGER, snapshots INTEGER NOT NULL,
        scales INTEGER NOT NULL
      );
      """
  }

  private func write(_ view: SnapshotView) throws(LogError) {
    let snapshots = try insertion(into: "snapshots", SnapshotTable.columns.count)
    let scales = try insertion(into: "scales", 10)
    var failure: LogError?
    view.forEachSnapshot(ResultFilter()) { snapshot in
      guard failure == nil else { return }
      do throws(LogError) {
        try snapshots.insert(SnapshotTable.row(snapshot))
      } catch {
        failure = error
      }
    }
    view.forEachScale(ResultFilter()) { scale in
      guard failure == nil else { return }
      do throws(LogError) {
        for row in scale.rows { try scales.insert(row) }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private func write(_ partners: [NamedPartner]) throws(LogError) {
    let insertion = try insertion(into: "partners", 3)
    for partner in partners {
      try insertion.insert([.text(partner.id), .text(partner.name), .text(partner.country)])
    }
  }

  private func write(about result: ExportedResult) throws(LogError) {
    try insertion(into: "about", 6).insert([
      .integer(Int64(result.generation)),
      result.view.newestEvent?.rfc3339.map { .text($0) } ?? .none,
      result.definition.map { .text($0.catalog) } ?? .none,
      result.definition.map { .integer(Int64($0.semantics)) } ?? .none,
      .integer(Int64(result.view.snapshotCount)), .integer(Int64(result.view.scaleCount)),
    ])
  }

  private func insertion(into table: String, _ columns: Int) throws(LogError) -> Statement {
    let places = (1...columns).map { "?\($0)" }.joined(separator: ", ")
    return try Statement(connection, "INSERT INTO \(table) VALUES (\(places))")
  }
}

extension Statement {
  fileprivate func insert(_ row: [SnapshotTable.Value]) throws(LogError) {
    for (index, value) in row.enumerated() {
      let place = Int32(index + 1)
      switch value {
      case .none: try bind(place, borrowed: nil)
      case .text(let text): try bind(place, text)
      case .integer(let number): try bind(place, number)
      case .number(let number): try bind(place, number: number)
      }
    }
    try run()
  }
}

extension IndicatorScale {
  /// One for each indicator and bar.
  fileprivate var rows: [[SnapshotTable.Value]] {
    let cell = cell ?? Cell()
    return scales.flatMap { scale in
      scale.bars.map { bar in
        [
          .text(cell.product), .text(cell.workload), .text(cell.country), .text(month),
          .text(scale.indicator),
          .integer(Int64(scale.partners)), .integer(Int64(bar.bar)), .integer(Int64(bar.partners)),
          bar.min.map { .number($0) } ?? .none, bar.max.map { .number($0) } ?? .none,
        ]
      }
    }
  }
}
