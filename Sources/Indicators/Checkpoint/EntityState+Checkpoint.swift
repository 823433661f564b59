import Contract

/// A checkpoint holds the facts; what they contribute follows from them when it is read.
extension EntityState {
  public func encode() -> [UInt8] {
    var writer = StateWriter()
    clock.write(to: &writer)
    writer.write(base)
    writer.write(UInt64(expiredCount))
    partners.write(to: &writer)
    sideSets.write(to: &writer)
    writeCustomers(to: &writer)
    writeSubscriptions(to: &writer)
    writeLines(to: &writer)
    writeAssignments(to: &writer)
    writeInstances(to: &writer)
    writePersons(to: &writer)
    writeUsage(to: &writer)
    return writer.bytes
  }

  /// Reads what `encode` wrote under the same catalogue. All changes count as told.
  public convenience init(
    catalog: Catalog, placement: Placement, decoding bytes: UnsafeRawBufferPointer
  ) throws(DamagedState) {
    self.init(catalog: catalog, placement: placement)
    var reader = StateReader(bytes)
    clock = try EventClock(from: &reader)
    base = try reader.readMonth()
    let isBasePossible =
      clock.newest == nil
      ? base == .distantPast : base <= clock.oldestMonth && clock.currentMonth - base < 64
    guard isBasePossible else { throw DamagedState() }
    let expired = try reader.read(UInt64.self)
    // It goes on being counted.
    guard expired < 1 << 60 else { throw DamagedState() }
    expiredCount = Int(expired)
    partners = try PartnerRegistry(from: &reader)
    sideSets = try SideSets(catalog: catalog, from: &reader)
    try readCustomers(from: &reader)
    try readSubscriptions(from: &reader)
    try readLines(from: &reader)
    try readAssignments(from: &reader)
    try readInstances(from: &reader)
    try readPersons(from: &reader)
    try readUsage(from: &reader)
    guard reader.isAtEnd else { throw DamagedState() }
    contributeEverything()
    guard sumOutOfRange == nil else { throw DamagedState() }
    discardChanges()
  }
}
