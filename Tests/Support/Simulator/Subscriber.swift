import Contract
import EventLog
import ReferenceModel
import SimulatedLog

/// Follows the outputs as anybody outside would, and notices what must not be seen.
final class Subscriber {
  private let cluster: SimulatedCluster
  private let reader: any LogReader
  private(set) var published = Publication()
  /// Places of refused events that were reported.
  private(set) var rejected: Set<String> = []
  private(set) var seen = 0
  /// By key of a snapshot.
  private var asOf: [String: Timestamp] = [:]
  private var pulses: [String: Components] = [:]
  private var endedPulses: Set<String> = []

  init(_ cluster: SimulatedCluster) throws {
    self.cluster = cluster
    reader = try SimulatedLog(cluster, on: Host())
      .reader([.indicatorSnapshots, .indicatorScales, .rejectedEvents])
  }

  /// Reads what there is.
  func poll() throws {
    _ = try reader.poll(timeout: 0) { records in
      for record in records { take(record) }
    }
  }

  private func take(_ record: Record) {
    seen += 1
    let key = String(decoding: record.key.map(Array.init) ?? [], as: UTF8.self)
    cluster.trace.note(key)
    cluster.trace.note(record.offset)
    switch record.topic {
    case .rejectedEvents: takeRejected(record)
    case .indicatorSnapshots: takeSnapshot(key, record.value)
    default:
      guard let value = record.value else {
        _ = published.removeScale(key)
        return
      }
      guard let scale = try? IndicatorScale(protobuf: value) else {
        return cluster.complain("scale \(key) is not decodable")
      }
      published.replace(scale)
    }
  }

  private func takeRejected(_ record: Record) {
    let headers = record.headers.map(Header.init)
    let place = ["topic", "partition", "offset"].map { name in
      String(decoding: headers.last { $0.name.elementsEqual(name.utf8) }?.value ?? [], as: UTF8.self)
    }.joined(separator: " ")
    if !rejected.insert(place).inserted { cluster.complain("the refused event \(place) is reported twice") }
  }

  private func takeSnapshot(_ key: String, _ value: UnsafeRawBufferPointer?) {
    let isPulse = key.hasPrefix(SimulatedEvents.pulsePartner + "|")
    guard let value else {
      _ = published.removeSnapshot(key)
      if isPulse, pulses[key] != nil { endedPulses.insert(key) }
      return
    }
    guard var snapshot = try? IndicatorSnapshot(protobuf: value), let time = snapshot.asOf else {
      return cluster.complain("snapshot \(key) is not decodable, or has no as_of")
    }
    if let before = asOf[key], time < before {
      cluster.complain("\(key) was as of \(before), and then as of \(time)")
    }
    asOf[key] = time
    for byte in value { cluster.trace.note(byte) }
    if isPulse { takePulse(key, snapshot.components ?? Components()) }
    snapshot.asOf = nil
    published.replace(snapshot)
  }

  /// What only ever grows must not shrink, and what has left the window must not come back.
  private func takePulse(_ key: String, _ components: Components) {
    if endedPulses.contains(key) { cluster.complain("\(key) came back") }
    let before = pulses[key] ?? Components()
    for component: Component in [
      .activeUsers12Months, .activeUsersMonth, .billedMicros, .customersAdded, .seatsAdded,
    ] where components[component] < before[component] {
      cluster.complain(
        "\(component.name) of \(key) was \(before[component]), and then \(components[component])")
    }
    pulses[key] = components
  }
}
