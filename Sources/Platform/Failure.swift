/// Something that was to be done and failed, completely or partly, in words for whoever asked for it.
public struct Failure: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
