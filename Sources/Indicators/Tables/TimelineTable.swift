/// Timelines of what is attached to a subscription, by identity. Almost all have a single step, which is stored in the
/// table itself.
package struct TimelineTable<State: Equatable & Sendable & BitwiseCopyable>: ~Copyable {
  private struct Element: BitwiseCopyable {
    var order: StepOrder
    let subscription: Int32
    /// The index of the timeline in `longer`; -1 for one that has this step only.
    var longer: Int32 = -1
    var state: State
  }

  private var table = FactTable<Element>()
  private var longer: [Timeline<State>] = []

  package init() {}

  package var count: Int { table.count }

  /// Approximate bytes of memory. O(1).
  package var byteCount: Int {
    table.byteCount + longer.heldBytes + longer.sampledSum(\.byteCount)
  }

  /// Adds a step, and calls `body` with the months whose state changes, if any does, and what it was; nil for none. Expected O(1)
  /// for one of a single step, else O(steps).
  package mutating func insert(
    _ state: State, at order: StepOrder, of identity: Identity, subscription: Int32,
    _ body: (_ months: Range<Month>, _ old: State?) -> Void
  ) {
    guard let number = table.number(of: identity) else {
      table.append(Element(order: order, subscription: subscription, state: state), of: identity)
      return body(order.effectiveAt.month..<Month.never, nil)
    }
    var timeline = timeline(of: number)
    let months = timeline.effect(of: state, at: order)
    let old = months.isEmpty ? nil : timeline.state(in: months.lowerBound)
    timeline.insert(state, at: order)
    set(timeline, of: number)
    if !months.isEmpty { body(months, old) }
  }

  private func timeline(of number: Int32) -> Timeline<State> {
    let element = table[number]
    if element.longer >= 0 { return longer[Int(element.longer)] }
    var timeline = Timeline<State>()
    timeline.insert(element.state, at: element.order)
    return timeline
  }

  private mutating func set(_ timeline: Timeline<State>, of number: Int32) {
    var element = table[number]
    if element.longer >= 0 {
      longer[Int(element.longer)] = timeline
    } else if timeline.steps.count > 1 {
      element.longer = Int32(longer.count)
      longer.append(timeline)
    } else if let step = timeline.steps.first {
      (element.order, element.state) = (step.order, step.state)
    }
    table[number] = element
  }

  /// Adds a whole timeline, unless there is one of this identity already or it has no step; returns whether it did.
  mutating func append(_ timeline: Timeline<State>, of identity: Identity, subscription: Int32) -> Bool {
    guard let first = timeline.steps.first, table.number(of: identity) == nil else { return false }
    set(
      timeline,
      of: table.append(
        Element(order: first.order, subscription: subscription, state: first.state), of: identity))
    return true
  }

  /// The timeline of a number; they are numbered in the order in which they came.
  package subscript(number: Int32) -> (identity: Identity, subscription: Int32, timeline: Timeline<State>) {
    (table.identity(of: number), table[number].subscription, timeline(of: number))
  }
}
