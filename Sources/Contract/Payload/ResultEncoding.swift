/// Encodes the values of snapshots and scales in an output format.
public struct ResultEncoding: Sendable {
  public let format: OutputFormat
  private let snapshotFrame: [UInt8]
  private let scaleFrame: [UInt8]

  public static let protobuf = ResultEncoding(.protobuf)

  /// The frames are put before each value; empty for a format without frames.
  public init(_ format: OutputFormat, snapshotFrame: [UInt8] = [], scaleFrame: [UInt8] = []) {
    self.format = format
    self.snapshotFrame = snapshotFrame
    self.scaleFrame = scaleFrame
  }

  /// Appends the value of a record.
  public func encode(_ snapshot: IndicatorSnapshot, into bytes: inout [UInt8]) {
    encode(snapshot, snapshotFrame, &bytes)
  }

  /// Appends the value of a record.
  public func encode(_ scale: IndicatorScale, into bytes: inout [UInt8]) {
    encode(scale, scaleFrame, &bytes)
  }

  private func encode(_ message: some Message, _ frame: [UInt8], _ bytes: inout [UInt8]) {
    if !frame.isEmpty { bytes += frame }
    if format.isJSON { message.encodeJSON(into: &bytes) } else { message.encode(into: &bytes) }
  }
}
