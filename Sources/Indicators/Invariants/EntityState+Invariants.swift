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
    var anew = Contributions(catalog: catalog)
    anew.base = contributions.base
    anew.sideSets = contributions.sideSets
    contributeEverything(to: &anew)
    try contributions.aggregates.checkEqual(anew.aggregates)
  }
}
