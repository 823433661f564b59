/// An invariant of a state is violated: a defect of the program.
package struct BrokenInvariant: Error, CustomStringConvertible {
  package let description: String

  /// Throws unless `condition` holds.
  static func check(_ condition: Bool, _ what: @autoclosure () -> String) throws(BrokenInvariant) {
    if !condition { throw BrokenInvariant(description: what()) }
  }
}

extension Timeline {
  func checkInvariants() throws(BrokenInvariant) {
    for step in steps {
      try BrokenInvariant.check(
        step.month == step.order.effectiveAt.month, "a step is not in the month of its time")
    }
    for (step, next) in zip(steps, steps.dropFirst()) {
      try BrokenInvariant.check(step.month < next.month, "a timeline has steps that do not ascend by month")
    }
  }
}

extension EntityState {
  /// Checks that each part of the state fits together and to the others, and that what is contributed is what the facts contribute.
  /// O(state); for the simulator and tests.
  package func checkInvariants() throws(BrokenInvariant) {
    try partners.checkInvariants()
    try customers.checkInvariants(partners: partners.names.count, sideSets: contributions.sideSets.count)
    try customers.checkAttached(from: contributions.base)
    try persons.checkInvariants(partners: partners.names.count)
    try usage.checkInvariants(customers, workloads: catalog.workloadIndex.count)
    try contributions.aggregates.checkInvariants(
      partners: partners.names.count, sides: catalog.sides.count)
    // A sum that does not fit is not the same after another way to it.
    guard contributions.aggregates.outOfRange == nil else { return }
    var recomputed = Contributions(catalog: catalog)
    recomputed.base = contributions.base
    recomputed.sideSets = contributions.sideSets
    contributeEverything(to: &recomputed)
    try contributions.aggregates.checkEqual(recomputed.aggregates)
  }
}
