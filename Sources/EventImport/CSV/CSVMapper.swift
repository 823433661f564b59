import Contract

/// A mapping bound to the columns of one file: makes events of its rows.
package struct CSVMapper {
  private let mapping: CSVMapping
  private let columnCount: Int
  /// By rule: the indexes of its columns.
  private let indices: [[Int]]
  private let filters: [(index: Int, filter: RowFilter)]
  private let prefix: [UInt8]

  package enum Outcome {
    /// An event as a line of NDJSON, and its identity.
    case event([UInt8], EventIdentity)
    /// The mapping leaves the row out.
    case skipped
    case refused(String)
  }

  /// Throws if the mapping names a column that is missing from `header`, or there more than once.
  package init(_ mapping: CSVMapping, header: CSVRow) throws(MappingFault) {
    self.mapping = mapping
    columnCount = header.count
    let names = (0..<header.count).map { header.field($0) }
    func index(_ name: String, _ path: String) throws(MappingFault) -> Int {
      let found = names.indices.filter { names[$0] == name }
      guard let first = found.first else {
        let nearest = nearestName(to: name, among: names.compactMap(\.self))
        throw MappingFault(
          "\(path): there is no column \"\(name)\""
            + (nearest.map { "; the nearest is \"\($0)\"" } ?? "") + Self.hint(names.count, mapping.separator)
        )
      }
      guard found.count == 1 else {
        throw MappingFault("\(path): there are \(found.count) columns \"\(name)\"")
      }
      return first
    }
    var indices: [[Int]] = []
    for rule in mapping.rules {
      var places: [Int] = []
      for column in rule.columns { places.append(try index(column, rule.path)) }
      indices.append(places)
    }
    var filters: [(index: Int, filter: RowFilter)] = []
    for filter in mapping.skip { filters.append((try index(filter.column, filter.path), filter)) }
    (self.indices, self.filters) = (indices, filters)
    prefix = Array(#"{"topic":"\#(mapping.topic.name)","value":"#.utf8)
  }

  private static func hint(_ columns: Int, _ separator: UInt8) -> String {
    columns > 1 ? "" : ", and only one column: is \"\(Character(Unicode.Scalar(separator)))\" the separator?"
  }

  /// O(n) in the size of the row.
  package func event(of row: CSVRow) -> Outcome {
    guard row.count == columnCount else {
      return .refused("the row has \(row.count) fields, the header has \(columnCount)")
    }
    for (index, filter) in filters {
      guard let cell = row.field(index) else { return .refused(Self.notText(filter.column)) }
      if filter.holds(cell) { return .skipped }
    }
    var json = JSONWriter()
    var identity = EventIdentity(mapping.topic)
    json.beginObject()
    for (rule, places) in zip(mapping.rules, indices) {
      var cells: [String] = []
      for (place, column) in zip(places, rule.columns) {
        guard let cell = row.field(place) else { return .refused(Self.notText(column)) }
        cells.append(cell)
      }
      switch value(of: rule, cells) {
      case .value(let value):
        json.key(rule.field.name)
        value.withUnsafeBytes { json.raw($0) }
        identity.add(rule.field.name, value)
      case .none: break
      case .skipRow: return .skipped
      case .fault(let fault):
        let names = rule.columns.map { "\"\(Self.excerpt($0))\"" }.joined(separator: ", ")
        let values = cells.map { "\"\(Self.excerpt($0))\"" }.joined(separator: ", ")
        return .refused(
          "\(rule.columns.count == 1 ? "column" : "columns") \(names): \(values): \(fault.reason)")
      }
    }
    json.endObject()
    return .event(prefix + json.bytes + [UInt8(ascii: "}")], identity)
  }

  private func value(of rule: FieldRule, _ cells: [String]) -> CellFormat.Outcome {
    switch rule.source {
    case .constant(let json): return .value(json)
    case .column: return rule.format.value(of: cells[0], for: rule.field)
    case .id:
      switch FieldRule.id(of: cells) {
      case .failure(let fault): return .fault(fault)
      case .success(let id):
        var json = JSONWriter()
        json.string(id)
        return .value(json.bytes)
      }
    }
  }

  private static func notText(_ column: String) -> String {
    "column \"\(excerpt(column))\": it is not UTF-8; is the file in another encoding? `iconv -f WINDOWS-1252 -t UTF-8` converts one"
  }

  /// At most 60 characters of a cell, on one line.
  private static func excerpt(_ cell: String) -> String {
    let line = String(cell.prefix(60).map { $0.isNewline || $0 == "\t" ? " " : $0 })
    return line.count < cell.count ? line + "…" : line
  }
}
