import EventImport
import Testing

@Suite struct TextFormTests {
  @Test(
    arguments: [
      ([], .text(markCount: 0)), (Array("{\"to".utf8), .text(markCount: 0)), ([0x7b], .text(markCount: 0)),
      ([0xef, 0xbb, 0xbf, 0x7b], .text(markCount: 3)), ([0, 0, 0, 0], .text(markCount: 0)),
      ([0x1f, 0x8b, 8, 0], .notText(name: "gzip-compressed", command: "zcat")),
      ([0x28, 0xb5, 0x2f, 0xfd], .notText(name: "zstd-compressed", command: "zstdcat")),
      ([0xff, 0xfe, 0x7b, 0], .notText(name: "UTF-16 text", command: "iconv -f UTF-16 -t UTF-8")),
      ([0xfe, 0xff, 0, 0x7b], .notText(name: "UTF-16 text", command: "iconv -f UTF-16 -t UTF-8")),
      ([0xff, 0xfe, 0, 0, 0x7b, 0], .notText(name: "UTF-32 text", command: "iconv -f UTF-32 -t UTF-8")),
      ([0x7b, 0, 0x22, 0], .notText(name: "UTF-16LE text", command: "iconv -f UTF-16LE -t UTF-8")),
      ([0, 0x7b, 0, 0x22], .notText(name: "UTF-16BE text", command: "iconv -f UTF-16BE -t UTF-8")),
      ([0x7b, 0, 0, 0], .notText(name: "UTF-32LE text", command: "iconv -f UTF-32LE -t UTF-8")),
      ([0, 0, 0, 0x7b], .notText(name: "UTF-32BE text", command: "iconv -f UTF-32BE -t UTF-8")),
    ] as [([UInt8], TextForm)])
  func isToldByTheFirstBytes(bytes: [UInt8], form: TextForm) {
    #expect(TextForm(firstBytes: bytes) == form)
  }
}
