import Contract

/// The compact form of a snapshot in memory: about 80 bytes instead of the 300 of the message.
///
/// For each indicator two bytes of flags, its value and its previous value; then the components; then the event time. Integers
/// are varints. Most values are integers divided by a known denominator; these are stored as the integer if that gives exactly
/// the same double.
struct PackedSnapshot {
  private(set) var bytes: [UInt8] = []

  /// How a value is stored. The flags are: the form of the value (two bits), the form of the previous value (two bits), the trend
  /// (two bits), the bar (three bits).
  private enum Form: UInt16 {
    case absent
    case fraction
    case double
  }

  init(_ snapshot: IndicatorSnapshot) {
    bytes.reserveCapacity(128)
    for kind in IndicatorKind.allCases { append(snapshot[kind] ?? Indicator(), kind.denominator) }
    for component in Component.allCases { append(zigzag: snapshot.components?[component] ?? 0) }
    append(zigzag: snapshot.asOf?.seconds ?? 0)
    append(varint: UInt64(max(0, snapshot.asOf?.nanos ?? 0)))
  }

  private mutating func append(_ indicator: Indicator, _ denominator: Double) {
    let flagsIndex = bytes.count
    bytes += [0, 0]
    let value = append(indicator.value, denominator)
    let previous = append(indicator.previous, denominator)
    // An unknown trend becomes 0 instead of being cut to two bits of another one.
    let isKnown = Trend.names.indices.contains(Int(indicator.trend.rawValue))
    let trend = isKnown ? UInt16(indicator.trend.rawValue) : 0
    let bar = indicator.bar.flatMap { (1...4).contains($0) ? UInt16($0) : nil } ?? 0
    let flags = value.rawValue | previous.rawValue << 2 | trend << 4 | bar << 6
    bytes[flagsIndex] = UInt8(truncatingIfNeeded: flags)
    bytes[flagsIndex + 1] = UInt8(truncatingIfNeeded: flags >> 8)
  }

  private mutating func append(_ value: Double?, _ denominator: Double) -> Form {
    guard let value else { return .absent }
    // Past 2^48 the varint would be no shorter.
    let numerator = (value * denominator).rounded()
    if numerator.magnitude < 0x1p48, case let whole = Int64(numerator),
      (Double(whole) / denominator).bitPattern == value.bitPattern
    {
      append(zigzag: whole)
      return .fraction
    }
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(shift)))
    }
    return .double
  }

  private mutating func append(zigzag value: Int64) {
    append(varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  private mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Sets the values that `init` packed in a snapshot that already has its key.
  static func unpack(_ bytes: UnsafeRawBufferPointer, into snapshot: inout IndicatorSnapshot) {
    var reader = Reader(bytes: bytes)
    for kind in IndicatorKind.allCases { snapshot[kind] = reader.indicator(kind.denominator) }
    var components = Components()
    for component in Component.allCases { components[component] = reader.zigzag() }
    snapshot.components = components
    snapshot.asOf = Timestamp(seconds: reader.zigzag(), nanos: Int32(truncatingIfNeeded: reader.varint()))
  }

  /// The value of one indicator in what `init` packed.
  static func value(of kind: IndicatorKind, in bytes: UnsafeRawBufferPointer) -> Double? {
    var reader = Reader(bytes: bytes)
    for each in IndicatorKind.allCases {
      let indicator = reader.indicator(each.denominator)
      if each == kind { return indicator.value }
    }
    return nil
  }

  private struct Reader {
    let bytes: UnsafeRawBufferPointer
    var offset = 0

    mutating func byte() -> UInt64 {
      offset += 1
      return UInt64(bytes[offset - 1])
    }

    mutating func varint() -> UInt64 {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        let next = byte()
        value |= (next & 0x7f) << shift
        if next < 0x80 { return value }
        shift += 7
      }
    }

    mutating func zigzag() -> Int64 {
      let value = varint()
      return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func indicator(_ denominator: Double) -> Indicator {
      let flags = UInt16(byte()) | UInt16(byte()) << 8
      let value = double(flags & 3, denominator)
      let previous = double(flags >> 2 & 3, denominator)
      let bar = Int32(flags >> 6 & 7)
      return Indicator(
        value: value, previous: previous, trend: Trend(rawValue: Int32(flags >> 4 & 3)),
        bar: bar == 0 ? nil : bar)
    }

    mutating func double(_ form: UInt16, _ denominator: Double) -> Double? {
      switch Form(rawValue: form) {
      case .absent, nil: return nil
      case .fraction: return Double(zigzag()) / denominator
      case .double:
        var pattern: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 8) { pattern |= byte() << UInt64(shift) }
        return Double(bitPattern: pattern)
      }
    }
  }
}

extension IndicatorKind {
  /// The denominator of most of the indicator's values.
  fileprivate var denominator: Double { Double(definition.formula.commonDenominator ?? 1) }
}
