import Dashboard

extension OptionValue<FrameAncestor> {
  static var frameAncestor: Self {
    OptionValue(expectation: "'self' or an https origin, such as https://portal.example") {
      FrameAncestor($0)
    }
  }
}

extension OptionValue<WebOrigin> {
  static var origin: Self {
    OptionValue(expectation: "an https origin, such as https://portal.example") { WebOrigin($0) }
  }
}
