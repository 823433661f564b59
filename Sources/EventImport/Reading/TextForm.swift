/// The format of a file that should be UTF-8 text, by its first bytes.
package enum TextForm: Equatable, Sendable {
  /// Text, after a byte order mark of `markCount` bytes.
  case text(markCount: Int)
  /// Another format, with the command that converts it to text.
  case notText(name: String, command: String)

  /// The number of bytes that identify every known format.
  static let signatureSize = 6

  package init(firstBytes bytes: some Collection<UInt8>) {
    let start = Array(bytes.prefix(Self.signatureSize))
    if let (_, name, command) = Self.magics.first(where: { start.starts(with: $0.bytes) }) {
      self = .notText(name: name, command: command)
    } else if let encoding = Self.wideEncoding(of: start) {
      self = .notText(name: "\(encoding) text", command: "iconv -f \(encoding) -t UTF-8")
    } else {
      self = .text(markCount: start.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0)
    }
  }

  private static let magics: [(bytes: [UInt8], name: String, command: String)] = [
    ([0x1f, 0x8b], "gzip-compressed", "zcat"),
    ([0x28, 0xb5, 0x2f, 0xfd], "zstd-compressed", "zstdcat"),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], "xz-compressed", "xzcat"),
    ([0x42, 0x5a, 0x68], "bzip2-compressed", "bzcat"),
    ([0x50, 0x4b, 0x03, 0x04], "a zip archive", "unzip -p"),
  ]

  /// UTF-32 or UTF-16, by its byte order mark or, since JSON starts with ASCII characters, by the positions of zero bytes.
  private static func wideEncoding(of start: [UInt8]) -> String? {
    if start.starts(with: [0xff, 0xfe, 0, 0]) || start.starts(with: [0, 0, 0xfe, 0xff]) { return "UTF-32" }
    if start.starts(with: [0xff, 0xfe]) || start.starts(with: [0xfe, 0xff]) { return "UTF-16" }
    let zeros = start.prefix(4).map { $0 == 0 }
    return switch zeros {
    case [false, true, true, true]: "UTF-32LE"
    case [true, true, true, false]: "UTF-32BE"
    default:
      if zeros.starts(with: [false, true]) {
        "UTF-16LE"
      } else if zeros.starts(with: [true, false]) {
        "UTF-16BE"
      } else {
        nil
      }
    }
  }
}
