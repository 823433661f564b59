/// The position of a step on its timeline (SEMANTICS, "One rule for time").
package struct StepOrder: Comparable, Hashable, Sendable, BitwiseCopyable {
  var effectiveAt: Instant
  var revision: Int64

  package init(effectiveAt: Instant, revision: Int64) {
    (self.effectiveAt, self.revision) = (effectiveAt, revision)
  }

  package static func < (a: StepOrder, b: StepOrder) -> Bool {
    a.effectiveAt != b.effectiveAt ? a.effectiveAt < b.effectiveAt : a.revision < b.revision
  }
}

/// The history of an entity's state: the last step of each month.
///
/// A month's numbers depend only on its last step, and later events only add steps, so the earlier steps of a month are not kept.
package struct Timeline<State: Equatable & Sendable>: Equatable, Sendable {
  struct Step: Equatable, Sendable {
    var order: StepOrder
    var month: Month
    var state: State
  }

  /// Ascending by month and order; one per month.
  private(set) var steps: [Step] = []

  package init() {}

  /// Bytes of memory besides its own.
  var byteCount: Int { steps.heldBytes }

  /// The months whose state changes if `state` applies from `order` on; empty if none does. O(steps).
  package func effect(of state: State, at order: StepOrder) -> Range<Month> {
    let month = order.effectiveAt.month
    let next = steps.firstIndex { $0.month > month } ?? steps.count
    let end = next < steps.count ? steps[next].month : .never
    if next > 0 {
      let previous = steps[next - 1]
      if previous.month == month && previous.order > order { return month..<month }
      if previous.state == state { return month..<month }
    }
    return month..<end
  }

  /// Adds a step; replaces an earlier one of the same order (the later record in the log wins). O(steps).
  package mutating func insert(_ state: State, at order: StepOrder) {
    let month = order.effectiveAt.month
    let next = steps.firstIndex { $0.month > month } ?? steps.count
    let step = Step(order: order, month: month, state: state)
    if next > 0, steps[next - 1].month == month {
      if steps[next - 1].order <= order { steps[next - 1] = step }
    } else {
      // Few timelines have many steps, so little spare room is allocated.
      if steps.count == steps.capacity { steps.reserveCapacity(steps.count + 1 + steps.count / 4) }
      steps.insert(step, at: next)
    }
  }

  /// The state in `month`: that of the last step before its end. O(steps), O(1) for the newest month.
  package func state(in month: Month) -> State? {
    steps.last { $0.month <= month }?.state
  }

  /// Calls `body` with each range of `months` in which the state is the same.
  func forEachRun(in months: Range<Month>, _ body: (Range<Month>, State) -> Void) {
    for (index, step) in steps.enumerated() {
      let end = index + 1 < steps.count ? steps[index + 1].month : .never
      let run = (step.month..<end).clamped(to: months)
      if !run.isEmpty { body(run, step.state) }
    }
  }

  /// Drops the steps that no month from `month` on depends on.
  mutating func forget(before month: Month) {
    let kept = steps.lastIndex { $0.month <= month } ?? 0
    if kept > 0 { steps.removeFirst(kept) }
  }

  /// A timeline of steps that are known to be in order, one a month (from a checkpoint).
  init(steps: [Step]) { self.steps = steps }
}

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
