import Contract

/// Defines how the text of a cell becomes the value of a field.
struct CellFormat {
  enum Unit { case whole, micros, seconds }

  enum Otherwise {
    case refuse
    case skipRow
    case value([UInt8])
  }

  enum Empty {
    case refuse
    /// The field keeps its default.
    case leave
    case value([UInt8])
  }

  private var number = NumberFormat()
  private var dates: [DatePattern] = []
  private var dateTexts: [String] = []
  /// The offset of times without one, in seconds east of UTC.
  private var zone: Int64 = 0
  private var trueWords: Set<String> = ["true", "yes", "1"]
  private var falseWords: Set<String> = ["false", "no", "0"]
  private var unit = Unit.whole
  private var rounds = false
  private var negates = false
  private var lowercases = false
  private var uppercases = false
  private var split: Character?
  /// By the cell, or by each part of a cell that is split.
  private var values: [String: [UInt8]]?
  private var otherwise = Otherwise.refuse
  private(set) var empty = Empty.refuse

  /// The keys of a mapping that apply to all fields.
  static let sharedKeys = ["decimal", "thousands", "symbols", "dates", "zone", "true", "false"]
  /// The keys of a column's object.
  static let keys =
    sharedKeys + ["as", "round", "negate", "case", "split", "values", "otherwise", "skipOthers", "default"]

  enum Outcome {
    case value([UInt8])
    /// The field keeps its default.
    case none
    case skipRow
    case fault(CellFault)
  }

  /// This format with what `members` say about how numbers, dates and booleans are written.
  func with(_ members: [String: JSONTree]) throws(MappingFault) -> CellFormat {
    var format = self
    if let tree = members["decimal"] { format.number.decimal = try tree.oneOf([".", ","]) }
    if let tree = members["thousands"] {
      format.number.thousands = tree.isNull ? nil : try tree.oneOf([".", ",", " ", "'", "\u{2019}"])
    }
    if let tree = members["decimal"] ?? members["thousands"], format.number.decimal == format.number.thousands
    {
      throw tree.fault("\"decimal\" and \"thousands\" are the same")
    }
    if let tree = members["symbols"] {
      // Longer symbols first: "US$" before "$".
      format.number.symbols = try tree.strings().sorted { $0.count > $1.count }
    }
    if let tree = members["dates"] {
      format.dateTexts = try tree.strings()
      format.dates = []
      for text in format.dateTexts {
        guard let pattern = DatePattern(text) else {
          throw tree.fault("\"\(text)\" is not a date pattern such as yyyy-MM-dd or d.M.yyyy HH:mm")
        }
        format.dates.append(pattern)
      }
    }
    if let tree = members["zone"] {
      let text = try tree.string()
      guard let zone = DatePattern.zone(text) else {
        throw tree.fault("\"\(text)\" is not an offset such as +01:00")
      }
      format.zone = zone
    }
    if let tree = members["true"] { format.trueWords = Set(try tree.strings().map { $0.lowercased() }) }
    if let tree = members["false"] { format.falseWords = Set(try tree.strings().map { $0.lowercased() }) }
    if let tree = members["true"] ?? members["false"],
      let both = format.trueWords.intersection(format.falseWords).min()
    {
      throw tree.fault("\"\(both)\" is true and false")
    }
    return format
  }

  /// This format with what `members` say about one field.
  func `for`(_ field: JSONField, _ members: [String: JSONTree]) throws(MappingFault) -> CellFormat {
    var format = self
    if let tree = members["as"] {
      guard field.kind == .integer else { throw tree.fault("this is for whole numbers") }
      switch try tree.string() {
      case "micros": format.unit = .micros
      case "seconds": format.unit = .seconds
      case let text: throw tree.fault("\"\(text)\" is none of \"micros\" and \"seconds\"")
      }
    }
    for name in ["round", "negate"] {
      guard let tree = members[name] else { continue }
      guard field.kind == .integer, format.unit != .seconds else { throw tree.fault("this is for numbers") }
      if name == "round" { format.rounds = try tree.bool() } else { format.negates = try tree.bool() }
    }
    if let tree = members["case"] {
      guard field.kind == .text else { throw tree.fault("this is for texts") }
      switch try tree.string() {
      case "lower": format.lowercases = true
      case "upper": format.uppercases = true
      case let text: throw tree.fault("\"\(text)\" is none of \"lower\" and \"upper\"")
      }
    }
    if let tree = members["split"] {
      guard field.isRepeated else { throw tree.fault("\"\(field.name)\" takes one value") }
      let text = try tree.string()
      guard text.count == 1, let character = text.first else { throw tree.fault("this is not one character") }
      format.split = character
    }
    if let tree = members["values"] {
      var values: [String: [UInt8]] = [:]
      for (cell, value) in try tree.members() {
        values[cell] = format.split == nil ? try field.constant(value) : try field.element(value)
      }
      format.values = values
    }
    for name in ["otherwise", "skipOthers"] {
      guard let tree = members[name] else { continue }
      guard format.values != nil else { throw tree.fault("this needs \"values\"") }
      if name == "otherwise" {
        format.otherwise = .value(format.split == nil ? try field.constant(tree) : try field.element(tree))
      } else if try tree.bool() {
        guard members["otherwise"] == nil else { throw tree.fault("this contradicts \"otherwise\"") }
        format.otherwise = .skipRow
      }
    }
    if let tree = members["default"] {
      format.empty = tree.isNull ? .leave : .value(try field.constant(tree))
    }
    return format
  }

  /// The JSON that `cell` stands for in `field`.
  func value(of cell: String, for field: JSONField) -> Outcome {
    if cell.isEmpty {
      switch empty {
      case .refuse: return .fault(CellFault("the cell is empty, and the mapping has no \"default\" for it"))
      case .leave: return .none
      case .value(let json): return .value(json)
      }
    }
    guard field.isRepeated else { return single(cell, field.kind) }
    if split == nil, values != nil { return single(cell, field.kind) }
    let pieces = split.map { separator in cell.split(separator: separator).map(Self.trimmed) } ?? [cell]
    var json: [UInt8] = [UInt8(ascii: "[")]
    for piece in pieces where !piece.isEmpty {
      switch single(piece, field.kind) {
      case .value(let element):
        if json.count > 1 { json.append(UInt8(ascii: ",")) }
        json += element
      case .none: break
      case let outcome: return outcome
      }
    }
    return .value(json + [UInt8(ascii: "]")])
  }

  private static func trimmed(_ text: Substring) -> String {
    var rest = text
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
  }

  private func single(_ cell: String, _ kind: JSONField.Kind) -> Outcome {
    if let values {
      if let json = values[cell] { return .value(json) }
      switch otherwise {
      case .refuse: return .fault(CellFault("it is not among the mapping's \"values\""))
      case .skipRow: return .skipRow
      case .value(let json): return .value(json)
      }
    }
    var json = JSONWriter()
    switch kind {
    case .text: json.string(lowercases ? cell.lowercased() : uppercases ? cell.uppercased() : cell)
    case .bool:
      let word = cell.lowercased()
      guard trueWords.contains(word) || falseWords.contains(word) else {
        return .fault(
          CellFault("it is neither true (\(Self.list(trueWords))) nor false (\(Self.list(falseWords)))"))
      }
      json.bool(trueWords.contains(word))
    case .integer where unit != .seconds:
      switch number.value(cell, places: unit == .micros ? 6 : 0, rounds: rounds) {
      case .success(let value): (negates ? -value : value).write(to: &json)
      case .failure(.notANumber): return .fault(CellFault("it is not a number such as \(example)"))
      case .failure(.tooLarge): return .fault(CellFault("the number is too large"))
      case .failure(.tooManyDecimals(let places)):
        return .fault(
          CellFault(places == 0 ? "it is not a whole number" : "it has more than \(places) decimals"))
      }
    case .integer, .time:
      switch time(cell) {
      case .success(let time) where kind == .time: json.string(time.rfc3339 ?? "")
      case .success(let time): time.seconds.write(to: &json)
      case .failure(let fault): return .fault(fault)
      }
    case .name(let names):
      guard names.contains(cell) else {
        return .fault(CellFault("it is none of \(names.joined(separator: ", "))"))
      }
      json.string(cell)
    case .other: return .fault(CellFault("this field cannot be mapped"))
    }
    return .value(json.bytes)
  }

  private static func list(_ words: Set<String>) -> String { words.sorted().joined(separator: ", ") }

  /// An example of a number in this format.
  private var example: String {
    "1\(number.thousands.map(String.init) ?? "")234" + (unit == .micros ? "\(number.decimal)56" : "")
  }

  private static let standardDates = [DatePattern.standard, DatePattern("yyyy-MM-dd")].compactMap(\.self)

  private func time(_ cell: String) -> Result<Timestamp, CellFault> {
    let patterns = dates.isEmpty ? Self.standardDates : dates
    let times = Set(patterns.compactMap { $0.time(cell, zone: zone) })
    guard let time = times.first else {
      let texts = dates.isEmpty ? ["RFC 3339", "yyyy-MM-dd"] : dateTexts
      return .failure(
        CellFault("it is not a time as in \(texts.map { "\"\($0)\"" }.joined(separator: " or "))"))
    }
    // Such as 2/1/2026 with the patterns M/d/yyyy and d/M/yyyy: the row is refused instead of guessing.
    guard times.count == 1 else { return .failure(CellFault("the date patterns disagree about it")) }
    return .success(time)
  }
}

extension JSONTree {
  /// A text that is one of these characters.
  fileprivate func oneOf(_ characters: [Character]) throws(MappingFault) -> Character {
    let text = try string()
    guard text.count == 1, let character = text.first, characters.contains(character) else {
      throw fault("this is none of \(characters.map { "\"\($0)\"" }.joined(separator: ", "))")
    }
    return character
  }
}
