extension PartnerRegistry {
  func write(to writer: inout StateWriter) {
    writer.writeAll(names) { $0.write($1) }
    writer.writeAll(eligibility.sorted { $0.key < $1.key }) { writer, partner in
      writer.write(partner.key)
      partner.value.write(to: &writer) { $0.write($1) }
    }
  }

  init(from reader: inout StateReader) throws(DamagedState) {
    let names = try reader.readAll { reader throws(DamagedState) in try reader.readString() }
    var eligibility: [Int32: Timeline<Bool>] = [:]
    for _ in 0..<(try reader.readCount()) {
      let partner: Int32 = try reader.readIndex(below: names.count)
      eligibility[partner] = try Timeline(from: &reader) { reader throws(DamagedState) in
        try reader.readBool()
      }
    }
    self.init(names: names, eligibility: eligibility)
    guard isConsistent else { throw DamagedState() }
  }
}

extension SideSets {
  func write(to writer: inout StateWriter) {
    writer.writeAll(sets) { writer, set in writer.writeAll(set) { $0.write($1) } }
  }

  init(catalog: Catalog, from reader: inout StateReader) throws(DamagedState) {
    let sets = try reader.readAll { reader throws(DamagedState) in
      try reader.readAll { reader throws(DamagedState) in
        try reader.readIndex(below: catalog.sides.count) as SideIndex
      }
    }
    self.init(catalog: catalog, sets: sets)
  }
}

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
