import Contract
import Foundation
import Testing

/// Google's protobuf for Python makes values and judges what becomes of them; see scripts/lib/contract_cross_check.py.
@Suite struct GoogleProtobufTests {
  static let python = ProcessInfo.processInfo.environment["PARTNERPULSE_PYTHON"]

  @Test(.enabled(if: python != nil, "PARTNERPULSE_PYTHON must name a Python with protobuf and grpcio-tools"))
  func agreesWithGoogle() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "contract-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }

    let generated = try run("generate", directory)
    try #require(generated.status == 0, "\(generated.output)")
    let strings = lengthPrefixed(try Data(contentsOf: directory.appending(path: "cases")))
    try #require(strings.count > 10_000 && strings.count % 3 == 0)

    var answers = Data()
    for index in stride(from: 0, to: strings.count, by: 3) {
      let name = String(decoding: strings[index], as: UTF8.self)
      let codec = try #require(Codec.all[name], "no such message: \(name)")
      let isJSON = strings[index + 1].elementsEqual("json".utf8)
      for string in strings[index + 2].withUnsafeBytes({ codec.answer($0, isJSON) }) {
        withUnsafeBytes(of: UInt32(string.count).littleEndian) { answers.append(contentsOf: $0) }
        answers.append(contentsOf: string)
      }
    }
    try answers.write(to: directory.appending(path: "answers"))

    let checked = try run("check", directory)
    #expect(checked.status == 0, "\(checked.output)")
  }

  private func run(_ command: String, _ directory: URL) throws -> (status: Int32, output: String) {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: try #require(Self.python))
    process.arguments = [
      root.appending(path: "scripts/lib/contract_cross_check.py").path, command, directory.path,
    ]
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }

  private func lengthPrefixed(_ data: Data) -> [[UInt8]] {
    let bytes = [UInt8](data)
    var strings: [[UInt8]] = []
    var index = 0
    while index < bytes.count {
      let count = bytes[index..<index + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
      strings.append(Array(bytes[index + 4..<index + 4 + count]))
      index += 4 + count
    }
    return strings
  }
}

/// Reads a message and writes it again.
private struct Codec: Sendable {
  /// The reason of a refusal, the message as protobuf and as JSON.
  let answer: @Sendable (UnsafeRawBufferPointer, _ isJSON: Bool) -> [[UInt8]]

  static let all: [String: Codec] = [
    "UsageAction": borrowing(UsageActionView.self),
    "LicenseAssignment": borrowing(LicenseAssignmentView.self),
    "Subscription": borrowing(SubscriptionView.self), "BillingLine": borrowing(BillingLineView.self),
    "ExamPass": borrowing(ExamPassView.self), "Affiliation": borrowing(AffiliationView.self),
    "Instance": borrowing(InstanceView.self), "Customer": borrowing(CustomerView.self),
    "Partner": borrowing(PartnerView.self), "IndicatorSnapshot": owning(IndicatorSnapshot.self),
    "IndicatorScale": owning(IndicatorScale.self),
    "GenerationRecord": owning(GenerationRecord.self), "PartnerPartial": owning(PartnerPartial.self),
  ]

  private static func owning<M: Message & SendableMetatype>(_: M.Type) -> Codec where M.Owned == M {
    Codec { bytes, isJSON in
      do throws(DecodingError) {
        return written(isJSON ? try M(json: bytes) : try M(protobuf: bytes))
      } catch {
        return [Array(error.description.utf8), [], []]
      }
    }
  }

  /// The owned form's answer, once the borrowed one has said the same.
  private static func borrowing<M: InputMessage & SendableMetatype>(_: M.Type) -> Codec
  where M.Text == BorrowedText, M.Owned: SendableMetatype {
    let owned = owning(M.Owned.self)
    return Codec { bytes, isJSON in
      let answer = owned.answer(bytes, isJSON)
      do throws(DecodingError) {
        // JSON that does not start with a brace is not recognised as such.
        guard !isJSON || bytes.first == UInt8(ascii: "{") else { return answer }
        let scratch = PayloadScratch()
        let view = isJSON ? try M(payload: bytes, scratch: scratch) : try M(protobuf: bytes)
        #expect(withExtendedLifetime(scratch) { written(view) } == answer)
      } catch {
        #expect([Array(error.description.utf8), [], []] == answer)
      }
      return answer
    }
  }

  private static func written(_ message: some Message) -> [[UInt8]] {
    var json: [UInt8] = []
    message.encodeJSON(into: &json)
    return [[], message.protobuf, json]
  }
}
