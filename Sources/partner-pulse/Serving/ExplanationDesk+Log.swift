import Dashboard
import EventLog
import Indicators
import Topology

extension ExplanationDesk {
  /// Explains the numbers of a log.
  convenience init(_ log: any EventLog, _ catalog: Catalog) {
    let reader = FactReader(log: log, catalog: catalog)
    self.init { partnerID, isCancelled in
      try reader.read(partnerID: partnerID, isCancelled: isCancelled)
    }
  }
}
