import HTTPServer

/// The address that a server listens on; `--listen` in all commands.
struct ListenSettings {
  var address: ListenAddress?

  static let defaultAddress = ListenAddress(host: "127.0.0.1", port: 8080)

  static func options<C>(_ path: WritableKeyPath<C, ListenSettings>) -> [Option<C>] {
    [
      Option<ListenSettings>.value(
        "listen", "HOST:PORT", "address of the page and the API (default: \(defaultAddress))", \.address,
        .listenAddress
      ).within(path)
    ]
  }
}

extension OptionValue<ListenAddress> {
  static var listenAddress: Self {
    OptionValue(expectation: "a numeric address and a port, such as 127.0.0.1:8080 or [::1]:8080") {
      ListenAddress($0)
    }
  }
}
