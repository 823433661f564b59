import Contract
import SQLiteLog
import SnapshotView

/// `snapshots`
struct SnapshotsCommand: Command {
  var log = LogSettings()
  var filter = ResultFilter()

  static let words = ["snapshots"]
  static let summary = "print the current result as NDJSON"
  static let description = """
    Prints a line for each snapshot, ordered by partner, product, workload, country and month, then one for
    each scale. The filter options select lines with the given value; '' selects the totals over all products,
    workloads or countries. Scales belong to no partner, so --partner omits them.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + [
      LogSettings.generationOption(\.log),
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
}
