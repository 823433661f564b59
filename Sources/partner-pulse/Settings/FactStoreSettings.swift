import Contract
import EventLog
import FactStore
import Indicators
import Topology

/// The option for the fact store.
struct FactStoreSettings {
  var path: String?

  static func options<Outer>(_ path: WritableKeyPath<Outer, Self>) -> [Option<Outer>] {
    [
      Option<FactStoreSettings>.value(
        "fact-store", "FILE",
        "index of the events by customer and person, for explanations in milliseconds; created if missing",
        \.path, .text
      ).within(path)
    ]
  }

  /// The fact store of a log, and the follower that fills it; nil without the option.
  func open(
    _ log: any EventLog, _ catalog: Catalog, _ console: Console
  ) throws(LogError) -> (follower: FactFollower, facts: StoredFacts)? {
    guard let path else { return nil }
    let partitions = try PartitionCounts(of: log, Topic.inputs)[Topic.inputs[0]]
    let source = FactStore.Source(
      log: try log.identity(), partitions: partitions, currency: catalog.reportingCurrency)
    let follower = try FactFollower(
      log, into: try FactStore(path: path, of: source), catalog: catalog,
      report: { console.log(.warning, $0) })
    return (follower, StoredFacts(path: path, of: source, catalog: catalog))
  }
}
