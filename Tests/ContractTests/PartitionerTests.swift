import Contract
import Testing

@Suite struct PartitionerTests {
  /// From the Java client's own test (UtilsTest.testMurmur2).
  @Test(
    arguments: [
      ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
      ("a-little-bit-longer-string", -1_486_304_829),
      ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
    ] as [(String, Int32)])
  func isTheJavaClients(key: String, hash: Int32) {
    #expect(key.withUTF8Bytes { murmur2($0) } == hash)
  }

  @Test func partitionLeavesTheSignOut() {
    #expect(partition(ofKey: "21", count: 10) == (-973_932_308 & 0x7fff_ffff) % 10)
    #expect(partition(ofKey: "abc", count: 7) == 479_470_107 % 7)
    #expect(partition(ofKey: "", count: 1) == 0)
  }
}
