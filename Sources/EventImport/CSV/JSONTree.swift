import Contract

/// A JSON value of a mapping file, with its path.
struct JSONTree {
  enum Value {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONTree])
    case object([(key: String, value: JSONTree)])
  }

  let value: Value
  /// Such as "fields.amountMicros.as"; empty for the root.
  let path: String

  /// Throws a `MappingFault` for malformed JSON, and for an object with a duplicate key.
  init(_ text: [UInt8]) throws(MappingFault) {
    let read: Result<JSONTree, MappingFault> = text.withUnsafeBytes { bytes in
      do {
        let mark = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        var json = JSONReader(UnsafeRawBufferPointer(rebasing: bytes[mark...]))
        let tree = try JSONTree(&json, "")
        try json.end()
        return .success(tree)
      } catch let fault as MappingFault {
        return .failure(fault)
      } catch let error as DecodingError {
        return .failure(MappingFault("\(error.reason.rawValue) at byte \(error.offset)"))
      } catch {
        return .failure(MappingFault("\(error)"))
      }
    }
    self = try read.get()
  }

  private init(_ json: inout JSONReader, _ path: String) throws {
    self.path = path
    func inside(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    switch json.peek() {
    case UInt8(ascii: "{"):
      var members: [(key: String, value: JSONTree)] = []
      var keys: Set<String> = []
      try json.beginObject()
      while let key = try json.nextKey()?.string {
        guard keys.insert(key).inserted else { throw MappingFault("\(inside(key)) is given more than once") }
        members.append((key, try JSONTree(&json, inside(key))))
      }
      value = .object(members)
    case UInt8(ascii: "["):
      var elements: [JSONTree] = []
      try json.beginArray()
      while try json.nextElement() { elements.append(try JSONTree(&json, "\(path)[\(elements.count)]")) }
      value = .array(elements)
    case UInt8(ascii: "\""): value = .string(try json.string().string)
    case UInt8(ascii: "t"), UInt8(ascii: "f"): value = .bool(try json.bool())
    case UInt8(ascii: "n"):
      guard json.null() else {
        _ = try json.value()
        throw MappingFault("malformed JSON")
      }
      value = .null
    default: value = .number(String(decoding: try json.number(), as: UTF8.self))
    }
  }
}

extension JSONTree {
  func fault(_ what: String) -> MappingFault { MappingFault(path.isEmpty ? what : "\(path): \(what)") }

  var isNull: Bool { if case .null = value { true } else { false } }

  /// The members of an object, all of which must be among `known`.
  func members(known: [String]) throws(MappingFault) -> [String: JSONTree] {
    let members = try members()
    for (key, value) in members where !known.contains(key) {
      let nearest = nearestName(to: key, among: known).map { "; the nearest known one is \"\($0)\"" } ?? ""
      throw MappingFault("\(value.path) is unknown\(nearest)")
    }
    return Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })
  }

  /// The members of an object, in the order of the file.
  func members() throws(MappingFault) -> [(key: String, value: JSONTree)] {
    guard case .object(let members) = value else { throw fault("this is not an object") }
    return members
  }

  func string() throws(MappingFault) -> String {
    guard case .string(let text) = value else { throw fault("this is not a text") }
    return text
  }

  func bool() throws(MappingFault) -> Bool {
    guard case .bool(let bool) = value else { throw fault("this is not true or false") }
    return bool
  }

  func count() throws(MappingFault) -> Int {
    guard case .number(let text) = value, let count = Int(text), count >= 0 else {
      throw fault("this is not a whole number, 0 or more")
    }
    return count
  }

  /// A text, or the texts of an array that is not empty.
  func strings() throws(MappingFault) -> [String] {
    guard case .array(let elements) = value else { return [try string()] }
    guard !elements.isEmpty else { throw fault("this is empty") }
    var texts: [String] = []
    for element in elements { texts.append(try element.string()) }
    return texts
  }
}

/// What is wrong with a mapping, or with a file that it is applied to.
package struct MappingFault: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
