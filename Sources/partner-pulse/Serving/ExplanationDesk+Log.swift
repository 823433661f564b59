import Contract
import Dashboard
import EventLog
import Indicators
import SnapshotView
import Topology

extension ExplanationDesk {
  /// Explains the numbers that a log serves, as long as they are made under this definition.
  convenience init(
    _ log: any EventLog, _ catalog: Catalog, _ definition: ResultDefinition,
    jobsPerClient: Int = ClientLimits().explanations
  ) {
    let reader = FactReader(log: log, catalog: catalog)
    self.init(jobsPerClient: jobsPerClient) { partnerID, isCancelled in
      // Another generation may have been switched to.
      let generations = try GenerationReader(log).generations
      try generations.check(generations.served, definition)
      return try reader.read(partnerID: partnerID, isCancelled: isCancelled)
    }
  }
}
