extension SubscriptionState {
  func write(to writer: inout StateWriter) {
    writer.write(partner)
    writer.write(product)
    writer.write(sides)
    writer.write(isPaid)
    writer.write(isLive)
    writer.write(Int64(seats))
  }

  init(
    from reader: inout StateReader, partners: Int, products: Int, sideSets: Int
  ) throws(DamagedState) {
    partner = try reader.readIndex(below: partners, orNone: PartnerRegistry.none)
    product = try reader.readIndex(below: products, orNone: SubscriptionState.unlisted)
    sides = try reader.readIndex(below: sideSets, orNone: -1)
    isPaid = try reader.readBool()
    isLive = try reader.readBool()
    let seats: Int64 = try reader.read()
    self.seats = Int32(truncatingIfNeeded: seats)
    guard (0...EventLimits.seats).contains(seats), (sides == -1) == (product == SubscriptionState.unlisted)
    else { throw DamagedState() }
  }
}
