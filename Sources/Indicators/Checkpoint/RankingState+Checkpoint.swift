import Contract

/// A checkpoint holds the sources' partials. Everything else is computed from them when it is read.
///
/// Sections are written from the last to the first, so whatever a contribution refers to by number is in them. The format
/// of a section never changes: entries in another format get a section with another number, and the former one can still be
/// read.
private enum Section: Int {
  case header
  case partners
  case cells
  /// By partner, as messages. Read, but no longer written.
  case contributionMessages
  /// By partner.
  case contributions

  static let last = Section.contributions.rawValue
}

/// The chunks of a ranking state, which keeps changing meanwhile.
private final class RankingStateChunks: StateChunks {
  private let state: RankingState
  private var cursor = SectionCursor(last: Section.last)

  init(_ state: RankingState) { self.state = state }

  func next(bytes: Int) -> StateChunk {
    let chunk = cursor.next(bytes: bytes) { section in
      Section(rawValue: section).map(state.count) ?? 0
    } write: { writer, section, entry in
      if let section = Section(rawValue: section) { state.write(entry, of: section, to: &writer) }
    }
    return chunk.map(StateChunk.chunk) ?? .end
  }
}

extension RankingState {
  /// The state in chunks, which may be taken while partials are applied.
  package func chunks() -> any StateChunks { RankingStateChunks(self) }

  /// Reads chunks of a state, in the order in which they were taken. Everything that follows from it is marked as
  /// published.
  package convenience init(chunks: [[UInt8]]) throws(DamagedState) {
    self.init()
    let sections = SectionReader(chunks)
    try sections.check(last: Section.last)
    var headers = 0
    try sections.readAll(of: Section.header.rawValue) { (reader) throws(DamagedState) in
      headers += 1
      clock = try EventClock(from: &reader)
    }
    guard headers == 1 else { throw DamagedState() }
    try sections.readAll(of: Section.partners.rawValue) { (reader) throws(DamagedState) in
      try readPartner(from: &reader)
    }
    try sections.readAll(of: Section.cells.rawValue) { (reader) throws(DamagedState) in
      let cell = Cell(
        product: try reader.readString(), workload: try reader.readString(), country: try reader.readString())
      guard cellNumber(cell) == cells.count - 1 else { throw DamagedState() }
    }
    try readContributions(sections, of: .contributionMessages) { (reader) throws(DamagedState) in
      PackedRows(try reader.readPartial().rows)
    }
    try readContributions(sections, of: .contributions) { (reader) throws(DamagedState) in
      try PackedRows(from: &reader)
    }
    discardChanges()
    guard sumOutOfRange == nil else { throw DamagedState() }
  }

  /// Marks all changes as drained.
  package func discardChanges() {
    isDiscarding = true
    defer { isDiscarding = false }
    drain { _ in }
  }

  fileprivate func count(of section: Section) -> Int {
    switch section {
    case .header: 1
    case .partners, .contributions: partners.count
    case .cells: cells.count
    case .contributionMessages: 0
    }
  }

  fileprivate func write(_ entry: Int, of section: Section, to writer: inout StateWriter) {
    switch section {
    case .header: clock.write(to: &writer)
    case .partners:
      var partial = PartnerPartial()
      partial.partnerID = partners[entry].id
      partial.eligible = partners[entry].enrolment.messages
      writer.write(partial)
    case .cells:
      writer.write(cells[entry].cell.product)
      writer.write(cells[entry].cell.workload)
      writer.write(cells[entry].cell.country)
    case .contributionMessages: break
    case .contributions:
      writer.writeAll(partners[entry].slots) { writer, place in
        writer.write(place.cell)
        writer.writeAll(cells[Int(place.cell)].slots[Int(place.slot)].sources) { writer, source in
          writer.write(source.source)
          source.rows.write(to: &writer)
        }
      }
    }
  }

  private func readPartner(from reader: inout StateReader) throws(DamagedState) {
    let partial = try reader.readPartial()
    guard !partial.partnerID.isEmpty, partnerNumber(partial.partnerID) == partners.count - 1 else {
      throw DamagedState()
    }
    apply(partial)
  }

  private func readContributions(
    _ sections: SectionReader, of section: Section,
    _ readRows: (inout StateReader) throws(DamagedState) -> PackedRows
  ) throws(DamagedState) {
    var partner: Int32 = 0
    try sections.readAll(of: section.rawValue) { (reader) throws(DamagedState) in
      guard Int(partner) < partners.count else { throw DamagedState() }
      for _ in 0..<(try reader.readCount()) {
        let cell: Int32 = try reader.readIndex(below: cells.count)
        for _ in 0..<(try reader.readCount()) {
          let source: UInt32 = try reader.read()
          replace(try readRows(&reader), from: source, partner: partner, cell: cell)
        }
      }
      partner += 1
    }
  }
}

extension StateWriter {
  fileprivate mutating func write(_ partial: PartnerPartial) {
    var encoded: [UInt8] = []
    partial.encode(into: &encoded)
    write(encoded)
  }
}

extension StateReader {
  fileprivate mutating func readPartial() throws(DamagedState) -> PartnerPartial {
    let encoded = try readBytes()
    guard let partial = try? encoded.withUnsafeBytes({ try PartnerPartial(protobuf: $0) }),
      partial.isWellFormed
    else { throw DamagedState() }
    return partial
  }
}
