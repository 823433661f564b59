import Contract
import SQLiteLog
import SnapshotView

/// `snapshots`
struct SnapshotsCommand: Command {
  var log = LogSettings()
  var filter = ResultFilter()
  /// Nil for lines of JSON with snapshots and scales by their keys in the log.
  var format: TableFormat?

  enum TableFormat: String, CaseIterable {
    case csv
    case ndjson
  }

  static let words = ["snapshots"]
  static let summary = "print the current result"
  static let description = """
    Prints a line for each snapshot, ordered by partner, product, workload, country and month, then one for
    each scale. The filter options select lines with the given value; '' selects the totals over all products,
    workloads or countries. Scales belong to no partner, so --partner omits them.

    With --format, it prints the snapshots as a table, with the columns that docs/ANALYSIS.md describes.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + [
      LogSettings.generationOption(\.log),
      .value("format", "FORMAT", "a table of snapshots: csv, or ndjson", \.format, .oneOf()),
      .value("partner", "P", "only this partner", \.filter.partnerID, .text),
      .value("month", "M", "only this month, such as 2026-11", \.filter.month, .month),
      .value("product", "P", "only this product", \.filter.product, .anyText),
      .value("workload", "W", "only this workload", \.filter.workload, .anyText),
      .value("country", "C", "only this country, such as FR", \.filter.country, .country),
    ]
  }

  func check() throws(UsageError) { try log.check() }

  func run(_ console: Console) throws {
    let follower = try SnapshotFollower(try log.open(.reading, console))
    while try !follower.poll(timeout: 100) {}
    if follower.damaged > 0 {
      console.log(.warning, "\(counted(follower.damaged, "record")) could not be read")
    }
    if let format { return try printTable(follower.view, as: format, console) }
    try follower.view.forEachSnapshot(filter) { snapshot in
      try console.writeLine { json in
        json.key("snapshot")
        snapshot.writeResult(to: &json)
      }
    }
    try follower.view.forEachScale(filter) { scale in
      try console.writeLine { json in
        json.key("scale")
        scale.writeResult(to: &json)
      }
    }
  }

  private func printTable(_ view: SnapshotView, as format: TableFormat, _ console: Console) throws {
    if format == .csv { try console.print(SnapshotTable.csvHeader) }
    try view.forEachSnapshot(filter) { snapshot in
      switch format {
      case .csv: try console.print(SnapshotTable.csv(snapshot))
      case .ndjson: try console.writeLine { SnapshotTable.write(snapshot, to: &$0) }
      }
    }
  }
}
