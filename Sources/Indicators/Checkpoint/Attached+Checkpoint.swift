import Contract

extension EntityState {
  func writeLines(to writer: inout StateWriter) {
    writer.writeAll(lines) { writer, line in
      writer.write(line.key)
      writer.write(line.value.revision)
      writer.write(line.value.subscription)
      writer.write(line.value.month)
      writer.write(line.value.amountMicros)
    }
  }

  func readLines(from reader: inout StateReader) throws(DamagedState) {
    for _ in 0..<(try reader.readCount()) {
      let identity = try reader.readIdentity()
      let line = BillingLineFact(
        revision: try reader.read(), subscription: try reader.readIndex(below: subscriptions.count),
        month: try reader.readMonth(), amountMicros: try reader.read())
      guard line.amountMicros.magnitude <= EventLimits.amountMicros.magnitude else { throw DamagedState() }
      lines[identity] = line
      contribute(line, .add)
    }
  }

  func writeAssignments(to writer: inout StateWriter) {
    writer.writeAll(assignments) { writer, assignment in
      writer.write(assignment.key)
      writer.write(assignment.value.subscription)
      assignment.value.timeline.write(to: &writer) { $0.write($1) }
    }
  }

  func readAssignments(from reader: inout StateReader) throws(DamagedState) {
    for _ in 0..<(try reader.readCount()) {
      let identity = try reader.readIdentity()
      var facts = AssignmentFacts(subscription: try reader.readIndex(below: subscriptions.count))
      facts.timeline = try Timeline(from: &reader) { reader throws(DamagedState) in try reader.readBool() }
      assignments[identity] = facts
      facts.timeline.forEachRun(in: .distantPast..<Month.never) { months, isAssigned in
        if isAssigned { subscriptions[Int(facts.subscription)].assigned.addLevel(1, during: months) }
      }
    }
  }

  func writeInstances(to writer: inout StateWriter) {
    writer.writeAll(instances) { writer, instance in
      writer.write(instance.key)
      writer.write(instance.value.subscription)
      instance.value.timeline.write(to: &writer) {
        $0.write($1.workload)
        $0.write($1.isInProduction)
      }
    }
  }

  func readInstances(from reader: inout StateReader) throws(DamagedState) {
    let workloads = catalog.workloadIndex.count
    for _ in 0..<(try reader.readCount()) {
      let identity = try reader.readIdentity()
      var facts = InstanceFacts(subscription: try reader.readIndex(below: subscriptions.count))
      facts.timeline = try Timeline(from: &reader) { reader throws(DamagedState) in
        InstanceState(
          workload: try reader.readIndex(below: workloads, orNone: -1), isInProduction: try reader.readBool())
      }
      instances[identity] = facts
      facts.timeline.forEachRun(in: .distantPast..<Month.never) { months, state in
        guard state.counts else { return }
        subscriptions[Int(facts.subscription)].addInstances(1, in: state.workload, during: months)
      }
    }
  }
}
