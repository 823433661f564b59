import Contract
import HTTPClient

/// A schema registry did not do what it was asked for.
package struct RegistryError: Error, CustomStringConvertible {
  package let description: String
  /// Whether a retry may succeed.
  package let mayPass: Bool

  init(_ description: String, mayPass: Bool) {
    self.description = description
    self.mayPass = mayPass
  }

  init(_ error: FetchError) { self.init("\(error)", mayPass: error.mayPass) }
}

/// A client of a schema registry that speaks the REST protocol of Confluent's. Each call is one request and blocks.
package struct SchemaRegistry: Sendable {
  private let request: DocumentRequest

  /// `authorities` is a file of certificates to trust in place of the system's (PEM).
  package init(_ address: WebAddress, credentials: Credentials? = nil, authorities: String? = nil) {
    var request = DocumentRequest(address, authorities: authorities)
    request.credentials = credentials
    request.mediaType = "application/vnd.schemaregistry.v1+json"
    self.request = request
  }

  /// Throws unless there is a registry that takes schemas of this type.
  package func check(_ type: SchemaType) throws(RegistryError) {
    let found = try expect(try send(nil, to: "schemas/types"), "schemas/types") {
      (json) throws(DecodingError) in
      var types: [String] = []
      try json.beginArray()
      while try json.nextElement() { types.append(try json.string().string) }
      return types
    }
    guard found.contains(type.rawValue) else {
      throw RegistryError(
        "\(request.address) takes no schemas of type \(type.rawValue)", mayPass: false)
    }
  }

  /// The id of a schema under a subject, which registers it if it is not there yet. Throws if the schema is not compatible with
  /// what the subject has.
  package func register(_ schema: Schema, under subject: String) throws(RegistryError) -> UInt32 {
    try id(of: schema, at: "subjects/\(Self.escaped(subject))/versions", subject)
  }

  /// The id of a schema that must be registered under a subject.
  package func lookUp(_ schema: Schema, under subject: String) throws(RegistryError) -> UInt32 {
    try id(of: schema, at: "subjects/\(Self.escaped(subject))", subject)
  }

  /// Whether a schema is still to be registered under a subject. Throws if it is, and is not compatible with what the subject
  /// has. Registers nothing.
  package func checkRegistration(of schema: Schema, under subject: String) throws(RegistryError) -> Bool {
    let path = "subjects/\(Self.escaped(subject))"
    let found = try send(Self.content(schema), to: path)
    let code = Self.fault(found.document)?.code
    if found.status == 200 { return false }
    guard found.status == 404, code == Self.noSubject || code == Self.noSchema else {
      _ = try expect(found, path) { (json) throws(DecodingError) in _ = try json.value() }
      return false
    }
    if code == Self.noSubject { return true }
    let trial = "compatibility/\(path)/versions/latest"
    let isCompatible = try expect(try send(Self.content(schema), to: trial), trial) {
      (json) throws(DecodingError) in
      var isCompatible = false
      try json.beginObject()
      while let key = try json.nextKey() {
        if key == "is_compatible" { isCompatible = try json.bool() } else { _ = try json.value() }
      }
      return isCompatible
    }
    guard isCompatible else {
      throw RegistryError("subject \(subject) has a schema that is not compatible", mayPass: false)
    }
    return true
  }

  /// The type of the schema of this id; nil if there is no such schema.
  package func type(ofSchema id: UInt32) throws(RegistryError) -> SchemaType? {
    let path = "schemas/ids/\(id)"
    let (status, document) = try send(nil, to: path)
    // It is the schema that was not found, and not the path.
    if status == 404, Self.fault(document)?.code == Self.noSchema { return nil }
    let type = try expect((status, document), path) { (json) throws(DecodingError) in
      // Left out for the first type that there was.
      var type = SchemaType.avro
      try json.beginObject()
      while let key = try json.nextKey() {
        if key == "schemaType" {
          type = SchemaType(rawValue: try json.string().string) ?? .other
        } else {
          _ = try json.value()
        }
      }
      return type
    }
    return type
  }

  private func id(
    of schema: Schema, at path: String, _ subject: String
  ) throws(RegistryError) -> UInt32 {
    let answer = try send(Self.content(schema), to: path)
    switch (answer.status, Self.fault(answer.document)) {
    case (409, let fault):
      throw RegistryError(
        "subject \(subject) has a schema that is not compatible: \(fault?.message ?? "no reason given")",
        mayPass: false)
    case (404, let fault?) where fault.code == Self.noSubject || fault.code == Self.noSchema:
      throw RegistryError(
        "the schema is not registered under subject \(subject): \(fault.message)", mayPass: false)
    case (422, let fault?):
      throw RegistryError("the schema for subject \(subject) is refused: \(fault.message)", mayPass: false)
    default: break
    }
    let id = try expect(answer, path) { (json) throws(DecodingError) in
      var id: UInt32?
      try json.beginObject()
      while let key = try json.nextKey() {
        if key == "id" { id = try UInt32(json: &json) } else { _ = try json.value() }
      }
      return id
    }
    guard let id else {
      throw RegistryError("\(request.address)/\(path) answered without an id", mayPass: false)
    }
    return id
  }

  // Codes of errors.
  private static let noSubject: Int32 = 40_401
  private static let noSchema: Int32 = 40_403

  /// What is sent of a schema.
  private static func content(_ schema: Schema) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("schemaType")
    json.string(schema.type.rawValue)
    json.key("schema")
    json.string(schema.text)
    json.endObject()
    return json.bytes
  }

  private func send(_ content: [UInt8]?, to path: String) throws(RegistryError) -> (
    status: Int, document: [UInt8]
  ) {
    var request = request
    guard let address = request.address.appending(path) else {
      throw RegistryError("\(request.address)/\(path) is not an address", mayPass: false)
    }
    request.address = address
    request.content = content
    do throws(FetchError) {
      return try request.answer()
    } catch {
      throw RegistryError(error)
    }
  }

  /// What `read` finds in the document of a response 200.
  private func expect<T>(
    _ answer: (status: Int, document: [UInt8]), _ path: String,
    _ read: (inout JSONReader) throws(DecodingError) -> T
  ) throws(RegistryError) -> T {
    guard answer.status == 200 else {
      let fault = Self.fault(answer.document).map { ": \($0.message) (\($0.code))" } ?? ""
      throw RegistryError(
        "\(request.address)/\(path) answered with status \(answer.status)\(Self.hint(answer.status))\(fault)",
        mayPass: answer.status >= 500 || [408, 429].contains(answer.status))
    }
    guard let found = try? Self.json(answer.document, read) else {
      throw RegistryError(
        "\(request.address)/\(path) answered with what is not of a schema registry", mayPass: false)
    }
    return found
  }

  private static func hint(_ status: Int) -> String {
    switch status {
    case 401: " (credentials are missing or wrong)"
    case 403: " (these credentials may not do this)"
    default: ""
    }
  }

  private static func json<T>(
    _ document: [UInt8], _ read: (inout JSONReader) throws(DecodingError) -> T
  ) throws -> T {
    try document.withUnsafeBytes { bytes in
      var json = JSONReader(bytes)
      let found = try read(&json)
      try json.end()
      return found
    }
  }

  /// What a registry says of an error; nil if it is not a registry's.
  private static func fault(_ document: [UInt8]) -> (code: Int32, message: String)? {
    try? json(document) { (json) throws(DecodingError) in
      var (code, message): (Int32, String) = (0, "")
      try json.beginObject()
      while let key = try json.nextKey() {
        if key == "error_code" {
          code = try Int32(json: &json)
        } else if key == "message" {
          message = try json.string().string
        } else {
          _ = try json.value()
        }
      }
      return (code, message)
    }
  }

  /// A segment of a path.
  private static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII,
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          || "-._~".unicodeScalars.contains(scalar)
      {
        return String(scalar)
      }
      let hex = String(byte, radix: 16, uppercase: true)
      return (byte < 16 ? "%0" : "%") + hex
    }.joined()
  }
}

/// What a schema is written in, as registries call it.
package enum SchemaType: String, Sendable {
  case protobuf = "PROTOBUF"
  case json = "JSON"
  case avro = "AVRO"
  case other = ""
}

/// A schema as it is registered.
package struct Schema: Sendable {
  package var type: SchemaType
  package var text: String
}
