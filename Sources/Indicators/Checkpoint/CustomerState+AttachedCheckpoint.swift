import Contract

extension CustomerState {
  func writeLine(_ number: Int32, to writer: inout StateWriter) {
    let line = lines[number]
    writer.write(lines.identity(of: number))
    writer.write(line.revision)
    writer.write(line.subscription)
    writer.write(line.month)
    writer.write(line.amountMicros)
  }

  mutating func readLine(
    from reader: inout StateReader, to contributions: inout Contributions
  ) throws(DamagedState) {
    let identity = try reader.readIdentity()
    let line = BillingLineFact(
      revision: try reader.read(), subscription: try reader.readIndex(below: subscriptions.count),
      month: try reader.readMonth(), amountMicros: try reader.read())
    guard line.amountMicros.magnitude <= EventLimits.amountMicros.magnitude else { throw DamagedState() }
    guard lines.number(of: identity) == nil else { throw DamagedState() }
    set(line, replacing: nil, of: identity)
    contribute(line, .add, to: &contributions)
  }

  func writeAssignment(_ number: Int32, to writer: inout StateWriter) {
    let (identity, subscription, timeline) = assignments[number]
    writer.write(identity)
    writer.write(subscription)
    timeline.write(to: &writer) { $0.write($1) }
  }

  mutating func readAssignment(from reader: inout StateReader) throws(DamagedState) {
    let identity = try reader.readIdentity()
    let subscription: Int32 = try reader.readIndex(below: subscriptions.count)
    let timeline = try Timeline(from: &reader) { reader throws(DamagedState) in try reader.readBool() }
    guard append(timeline, of: identity, subscription: subscription) else { throw DamagedState() }
    timeline.forEachRun(in: .distantPast..<Month.never) { months, isAssigned in
      if isAssigned { attachAssigned(1, during: months, of: subscription) }
    }
  }

  func writeInstance(_ number: Int32, to writer: inout StateWriter) {
    let (identity, subscription, timeline) = instances[number]
    writer.write(identity)
    writer.write(subscription)
    timeline.write(to: &writer) {
      $0.write($1.workload)
      $0.write($1.isInProduction)
    }
  }

  mutating func readInstance(
    from reader: inout StateReader, workloads: Int
  ) throws(DamagedState) {
    let identity = try reader.readIdentity()
    let subscription: Int32 = try reader.readIndex(below: subscriptions.count)
    let timeline = try Timeline(from: &reader) { reader throws(DamagedState) in
      InstanceState(
        workload: try reader.readIndex(below: workloads, orNone: -1), isInProduction: try reader.readBool())
    }
    guard append(timeline, of: identity, subscription: subscription) else { throw DamagedState() }
    timeline.forEachRun(in: .distantPast..<Month.never) { months, state in
      guard state.counts else { return }
      attachInstances(1, in: state.workload, during: months, of: subscription)
    }
  }
}
