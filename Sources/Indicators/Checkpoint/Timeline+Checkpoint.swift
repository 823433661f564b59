extension Timeline {
  func write(to writer: inout StateWriter, _ body: (inout StateWriter, State) -> Void) {
    writer.writeAll(steps) { writer, step in
      writer.write(step.order.effectiveAt.nanoseconds)
      writer.write(step.order.revision)
      body(&writer, step.state)
    }
  }

  init(
    from reader: inout StateReader, _ body: (inout StateReader) throws(DamagedState) -> State
  ) throws(DamagedState) {
    let steps = try reader.readAll { reader throws(DamagedState) in
      let order = StepOrder(
        effectiveAt: Instant(nanoseconds: try reader.read()), revision: try reader.read())
      return Step(order: order, month: order.effectiveAt.month, state: try body(&reader))
    }
    guard zip(steps, steps.dropFirst()).allSatisfy({ $0.month < $1.month }) else { throw DamagedState() }
    self.init(steps: steps)
  }
}
