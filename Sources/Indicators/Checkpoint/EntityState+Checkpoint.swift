import Contract

/// A checkpoint holds the facts. Their contributions are computed from them when it is read.
///
/// Sections are read in this order, and written from the last to the first: whatever an entry refers to by number was thus
/// added before that other section is written.
private enum Section: Int, CaseIterable {
  case header
  case partners
  case eligibility
  case sideSets
  case customers
  case subscriptions
  case lines
  case assignments
  case instances
  case persons
  case places
  case usage

  static let last = Section.usage.rawValue
}

/// The chunks of an entity state, which keeps changing meanwhile.
private final class EntityStateChunks: StateChunks {
  private let state: EntityState
  /// Of the moment at which the first chunk is taken: later events are replayed, and must be judged as expired or not as
  /// they were then.
  private let header: StateWriter
  /// The base of the bits of users' months.
  private let base: Month
  private var cursor = SectionCursor(last: Section.last)

  init(_ state: EntityState) {
    self.state = state
    var header = StateWriter()
    state.writeHeader(to: &header)
    self.header = header
    base = state.contributions.base
  }

  func next(bytes: Int) -> StateChunk {
    guard state.contributions.base == base else { return .stale }
    let chunk = cursor.next(bytes: bytes) { section in
      Section(rawValue: section).map(state.count) ?? 0
    } write: { writer, section, entry in
      guard let section = Section(rawValue: section) else { return }
      if section == .header {
        writer.append(header)
      } else {
        state.write(entry, of: section, to: &writer)
      }
    }
    return chunk.map(StateChunk.chunk) ?? .end
  }
}

extension EntityState {
  /// The state in chunks, which may be taken while events are applied.
  package func chunks() -> any StateChunks { EntityStateChunks(self) }

  /// Reads chunks of a state under the same catalog, in the order in which they were taken. All changes are marked as
  /// drained.
  package convenience init(
    catalog: Catalog, placement: Placement, chunks: [[UInt8]]
  ) throws(DamagedState) {
    self.init(catalog: catalog, placement: placement)
    let reader = SectionReader(chunks)
    try reader.check(last: Section.last)
    try readHeader(reader)
    try readRegistries(reader)
    for section in Section.allCases where section.rawValue > Section.sideSets.rawValue {
      try reader.readAll(of: section.rawValue) { (entry) throws(DamagedState) in try read(section, &entry) }
    }
    contributeEverything()
    guard sumOutOfRange == nil else { throw DamagedState() }
    discardChanges()
  }

  fileprivate func count(of section: Section) -> Int {
    switch section {
    case .header: 1
    case .partners, .eligibility: partners.names.count
    case .sideSets: contributions.sideSets.count
    case .customers: customers.count
    case .subscriptions: customers.subscriptions.count
    case .lines: customers.lines.count
    case .assignments: customers.assignments.count
    case .instances: customers.instances.count
    case .persons: persons.count
    case .places: usage.table.places.count
    case .usage: usage.count
    }
  }

  fileprivate func write(_ entry: Int, of section: Section, to writer: inout StateWriter) {
    switch section {
    case .header: break
    case .partners: writer.write(partners.names[entry])
    case .eligibility: writeEligibility(of: Int32(entry), to: &writer)
    case .sideSets: writer.writeAll(contributions.sideSets.sets[entry]) { $0.write($1) }
    case .customers: customers.writeCustomer(Int32(entry), to: &writer)
    case .subscriptions: customers.writeSubscription(Int32(entry), to: &writer)
    case .lines: customers.writeLine(Int32(entry), to: &writer)
    case .assignments: customers.writeAssignment(Int32(entry), to: &writer)
    case .instances: customers.writeInstance(Int32(entry), to: &writer)
    case .persons: persons.writePerson(Int32(entry), to: &writer)
    case .places: usage.writePlace(entry, to: &writer)
    case .usage: usage.writeUsage(UInt32(entry), to: &writer)
    }
  }

  /// The sections that are lists of numbered things.
  private func read(_ section: Section, _ reader: inout StateReader) throws(DamagedState) {
    switch section {
    case .header, .partners, .eligibility, .sideSets: break
    case .customers: try customers.readCustomer(from: &reader)
    case .subscriptions:
      try customers.readSubscription(
        from: &reader, partners: partners.names.count, products: catalog.products.count,
        sideSets: contributions.sideSets.count)
    case .lines: try customers.readLine(from: &reader, to: &contributions)
    case .assignments: try customers.readAssignment(from: &reader)
    case .instances: try customers.readInstance(from: &reader, workloads: catalog.workloadIndex.count)
    case .persons: try persons.readPerson(from: &reader, partners: partners.names.count)
    case .places: try usage.readPlace(from: &reader, catalog, &customers)
    case .usage: try usage.readUsage(from: &reader)
    }
  }

  fileprivate func writeHeader(to writer: inout StateWriter) {
    clock.write(to: &writer)
    writer.write(contributions.base)
    writer.write(UInt64(expiredCount))
  }

  private func readHeader(_ sections: SectionReader) throws(DamagedState) {
    var headers = 0
    try sections.readAll(of: Section.header.rawValue) { (reader) throws(DamagedState) in
      headers += 1
      clock = try EventClock(from: &reader)
      let base = try reader.readMonth()
      let isBasePossible =
        clock.newest == nil
        ? base == .distantPast : base <= clock.oldestMonth && clock.currentMonth - base < 64
      guard isBasePossible else { throw DamagedState() }
      contributions.base = base
      let expired = try reader.read(UInt64.self)
      // It must have room to be counted on.
      guard expired < 1 << 60 else { throw DamagedState() }
      expiredCount = Int(expired)
    }
    guard headers == 1 else { throw DamagedState() }
  }

  private func writeEligibility(of partner: Int32, to writer: inout StateWriter) {
    let timeline = partners.eligibility[partner]
    writer.write(timeline != nil)
    timeline?.write(to: &writer) { $0.write($1) }
  }

  private func readRegistries(_ sections: SectionReader) throws(DamagedState) {
    var names: [String] = []
    try sections.readAll(of: Section.partners.rawValue) { (reader) throws(DamagedState) in
      names.append(try reader.readString())
    }
    var (partner, eligibility) = (Int32(0), [Int32: Timeline<Bool>]())
    try sections.readAll(of: Section.eligibility.rawValue) { (reader) throws(DamagedState) in
      guard Int(partner) < names.count else { throw DamagedState() }
      if try reader.readBool() {
        eligibility[partner] = try Timeline(from: &reader) { reader throws(DamagedState) in
          try reader.readBool()
        }
      }
      partner += 1
    }
    partners = PartnerRegistry(names: names, eligibility: eligibility)
    guard partners.isConsistent else { throw DamagedState() }
    var sets: [[SideIndex]] = []
    try sections.readAll(of: Section.sideSets.rawValue) { (reader) throws(DamagedState) in
      sets.append(
        try reader.readAll { reader throws(DamagedState) in
          try reader.readIndex(below: catalog.sides.count) as SideIndex
        })
    }
    contributions.sideSets = ProductSideSets(catalog: catalog, sets: sets)
  }
}
