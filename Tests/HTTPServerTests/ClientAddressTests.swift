import HTTPServer
import Testing

@Suite struct ClientAddressTests {
  @Test func anAddressOfIPv4IsAClient() {
    let client = ClientAddress(ipv4: [192, 0, 2, 7])
    #expect(client.text == "192.0.2.7")
    #expect(client.network == "192.0.2.7")
    #expect(!client.isLoopback)
    #expect(ClientAddress(ipv4: [127, 1, 2, 3]).isLoopback)
  }

  @Test func whatOneHostMayHaveOfIPv6IsAClient() {
    let bytes: [UInt8] = [0x20, 1, 0xd, 0xb8, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3]
    let client = ClientAddress(ipv6: bytes)
    #expect(client.text == "2001:db8:1:2::3")
    #expect(client.network == "2001:db8:1:2::/64")
    #expect(ClientAddress(ipv6: bytes.dropLast() + [9]).network == client.network)
    #expect(!client.isLoopback)
    #expect(ClientAddress(ipv6: [UInt8](repeating: 0, count: 15) + [1]).isLoopback)
  }

  @Test func anIPv4AddressInIPv6IsTheSameClient() {
    let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff, 127, 0, 0, 1]
    #expect(ClientAddress(ipv6: mapped) == .localhost)
  }
}
