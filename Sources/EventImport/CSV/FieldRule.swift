import Contract

/// Defines how a field of an event is made from a row.
struct FieldRule {
  enum Source {
    /// The same JSON value for each row.
    case constant([UInt8])
    case column(String)
    /// An id composed of these columns.
    case id([String])
  }

  let field: JSONField
  let path: String
  let source: Source
  let format: CellFormat

  /// `tree` is the name of a column, or an object. `shared` is the format of all fields, which the object may override.
  init(_ field: JSONField, _ tree: JSONTree, _ shared: CellFormat) throws(MappingFault) {
    self.field = field
    path = tree.path
    if case .string(let column) = tree.value {
      source = .column(column)
      format = shared
      return
    }
    let members = try tree.members(known: ["column", "value", "id"] + CellFormat.keys)
    let sources = ["column", "value", "id"].filter { members[$0] != nil }
    guard sources.count == 1 else { throw tree.fault("this needs one of \"column\", \"value\" and \"id\"") }
    if let value = members["value"] {
      guard members.count == 1 else { throw tree.fault("nothing else goes with \"value\"") }
      source = .constant(try field.constant(value))
      format = shared
    } else if let id = members["id"] {
      guard members.count == 1 else { throw tree.fault("nothing else goes with \"id\"") }
      guard field.kind == .text, !field.isRepeated else {
        throw id.fault("an id is a text, this field is not")
      }
      source = .id(try id.strings())
      format = shared
    } else {
      source = .column(try members["column"]?.string() ?? "")
      format = try shared.with(members).for(field, members)
    }
  }

  var columns: [String] {
    switch source {
    case .constant: []
    case .column(let column): [column]
    case .id(let columns): columns
    }
  }

  /// The longest id that the aggregator takes, in bytes.
  private static let longestID = 512

  /// The cells joined by slashes and escaped, as in "a/b%2Fc", so that different cells give different ids. A fault if all are
  /// empty, or if the id is too long.
  static func id(of cells: [String]) -> Result<String, CellFault> {
    guard cells.contains(where: { !$0.isEmpty }) else {
      return .failure(CellFault("all of the id's columns are empty"))
    }
    let id = cells.map { cell in
      var text = ""
      for scalar in cell.unicodeScalars {
        switch scalar {
        case "%": text += "%25"
        case "/": text += "%2F"
        default: text.unicodeScalars.append(scalar)
        }
      }
      return text
    }.joined(separator: "/")
    guard id.utf8.count <= longestID else {
      return .failure(CellFault("the id made of these columns is longer than \(longestID) bytes"))
    }
    return .success(id)
  }
}

/// Why a cell cannot be converted.
struct CellFault: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

extension JSONField {
  /// The JSON of a constant in a mapping. Throws if it does not have the field's type.
  func constant(_ tree: JSONTree) throws(MappingFault) -> [UInt8] {
    var json = JSONWriter()
    if isRepeated {
      guard case .array(let elements) = tree.value else { throw tree.fault("this is not an array") }
      json.beginArray()
      for element in elements { try write(element, to: &json) }
      json.endArray()
    } else {
      try write(tree, to: &json)
    }
    return json.bytes
  }

  /// The JSON of one element of a repeated field.
  func element(_ tree: JSONTree) throws(MappingFault) -> [UInt8] {
    var json = JSONWriter()
    try write(tree, to: &json)
    return json.bytes
  }

  private func write(_ tree: JSONTree, to json: inout JSONWriter) throws(MappingFault) {
    switch (kind, tree.value) {
    case (.text, .string(let text)): json.string(text)
    case (.bool, .bool(let bool)): json.bool(bool)
    case (.integer, .number(let text)), (.integer, .string(let text)):
      guard let number = Int64(text) else { throw tree.fault("\"\(text)\" is not a whole number") }
      number.write(to: &json)
    case (.time, .string(let text)):
      guard text.withUTF8Bytes({ Timestamp(rfc3339: $0) }) != nil else {
        throw tree.fault("\"\(text)\" is not a timestamp such as 2026-11-05T10:20:30Z")
      }
      json.string(text)
    case (.name(let names), .string(let text)):
      guard names.contains(text) else {
        throw tree.fault("\"\(text)\" is none of \(names.joined(separator: ", "))")
      }
      json.string(text)
    case (.text, _): throw tree.fault("\"\(name)\" takes a text")
    case (.bool, _): throw tree.fault("\"\(name)\" takes true or false")
    case (.integer, _): throw tree.fault("\"\(name)\" takes a whole number")
    case (.time, _): throw tree.fault("\"\(name)\" takes a timestamp")
    case (.name(let names), _): throw tree.fault("\"\(name)\" takes one of \(names.joined(separator: ", "))")
    case (.other, _): throw tree.fault("\"\(name)\" cannot be mapped")
    }
  }
}
