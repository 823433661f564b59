import Contract

/// The compact form of a snapshot in memory: about 65 bytes instead of the 300 of the message.
///
/// First the flags of all indicators; then a bit for each component that is not zero, and these components; then, for each
/// indicator, what its flags say of its value and previous value; then the event time. Integers are varints. Most values follow
/// from the components, and most others are integers divided by a known denominator; any other one is stored as it is.
struct PackedSnapshot {
  private(set) var bytes: [UInt8] = []

  /// How a value is stored.
  private enum Form: UInt8 {
    case absent
    /// As the integer that gives exactly this double, divided by the indicator's denominator.
    case fraction
    case double
    /// Not at all: a value is what the formula gives, a previous value is the value.
    case implied
  }

  /// What is stored of an indicator beside the bytes of its values.
  private struct Flags {
    static let width = 9

    var value: Form
    var previous: Form
    /// Two bits; an unknown trend becomes 0.
    var trend: UInt8
    /// Three bits; none is 0.
    var bar: UInt8

    init(value: Form, previous: Form, _ indicator: Indicator) {
      self.value = value
      self.previous = previous
      trend = UInt8(exactly: indicator.trend.rawValue).flatMap { Int($0) < Trend.names.count ? $0 : nil } ?? 0
      bar = indicator.bar.flatMap { (1...4).contains($0) ? UInt8($0) : nil } ?? 0
    }

    /// The flags of an indicator among those of all.
    init(_ kind: IndicatorKind, in all: UInt128) {
      let bits = UInt16(truncatingIfNeeded: all >> UInt128(kind.rawValue * Self.width))
      value = Form(rawValue: UInt8(bits & 3)) ?? .absent
      previous = Form(rawValue: UInt8(bits >> 2 & 3)) ?? .absent
      trend = UInt8(bits >> 4 & 3)
      bar = UInt8(bits >> 6 & 7)
    }

    func set(_ kind: IndicatorKind, in all: inout UInt128) {
      let bits =
        UInt16(value.rawValue) | UInt16(previous.rawValue) << 2 | UInt16(trend) << 4 | UInt16(bar) << 6
      all |= UInt128(bits) << UInt128(kind.rawValue * Self.width)
    }
  }

  /// The bit after the flags of all indicators: whether the event time is one number.
  private static let timeBit = UInt128(IndicatorKind.allCases.count * Flags.width)
  private static let flagBits = Int(timeBit) + 1
  private static let componentBits = Component.allCases.count

  init(_ snapshot: IndicatorSnapshot) {
    let components = snapshot.components ?? Components()
    var all: UInt128 = 0
    var nonzero: UInt128 = 0
    bytes.reserveCapacity(128)
    append(all, bits: Self.flagBits)  // Written again once they are known.
    for component in Component.allCases where components[component] != 0 {
      nonzero |= 1 << UInt128(component.rawValue)
    }
    append(nonzero, bits: Self.componentBits)
    for component in Component.allCases where components[component] != 0 {
      append(zigzag: components[component])
    }
    for kind in IndicatorKind.allCases {
      let indicator = snapshot[kind] ?? Indicator()
      let value = append(indicator.value, of: kind, implied: kind.value(from: components))
      let previous = append(indicator.previous, of: kind, implied: indicator.value)
      Flags(value: value, previous: previous, indicator).set(kind, in: &all)
    }
    if append(snapshot.asOf ?? Timestamp()) { all |= 1 << Self.timeBit }
    write(all, bits: Self.flagBits, at: 0)
  }

  private static func byteCount(_ bits: Int) -> Int { (bits + 7) / 8 }

  private mutating func append(_ value: UInt128, bits: Int) {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: Self.byteCount(bits)))
    write(value, bits: bits, at: start)
  }

  private mutating func write(_ value: UInt128, bits: Int, at start: Int) {
    for index in 0..<Self.byteCount(bits) {
      bytes[start + index] = UInt8(truncatingIfNeeded: value >> UInt128(index * 8))
    }
  }

  private mutating func append(_ value: Double?, of kind: IndicatorKind, implied: Double?) -> Form {
    guard let value else { return .absent }
    if implied?.bitPattern == value.bitPattern { return .implied }
    // Past 2^48 the varint would be no shorter.
    let numerator = (value * kind.denominator).rounded()
    if numerator.magnitude < 0x1p48, case let whole = Int64(numerator),
      (Double(whole) / kind.denominator).bitPattern == value.bitPattern
    {
      append(zigzag: whole)
      return .fraction
    }
    append(UInt128(value.bitPattern), bits: 64)
    return .double
  }

  /// Whether it was stored as one number, as whole milliseconds are.
  private mutating func append(_ time: Timestamp) -> Bool {
    let (milliseconds, rest) = time.nanos.quotientAndRemainder(dividingBy: 1_000_000)
    if rest == 0, (0..<1000).contains(milliseconds), Timestamp.validSeconds.contains(time.seconds) {
      append(zigzag: time.seconds * 1000 + Int64(milliseconds))
      return true
    }
    append(zigzag: time.seconds)
    append(varint: UInt64(max(0, time.nanos)))
    return false
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

  /// Sets the values that `init` packed in a snapshot that already has its key. More bytes may follow.
  static func unpack(_ bytes: UnsafeRawBufferPointer, into snapshot: inout IndicatorSnapshot) {
    var reader = Reader(bytes: bytes)
    let all = reader.bits(flagBits)
    let components = reader.components()
    for kind in IndicatorKind.allCases {
      snapshot[kind] = reader.indicator(kind, Flags(kind, in: all), components)
    }
    snapshot.components = components
    snapshot.asOf = reader.time(isOneNumber: all >> timeBit & 1 == 1)
  }

  /// The value of one indicator in what `init` packed.
  static func value(of kind: IndicatorKind, in bytes: UnsafeRawBufferPointer) -> Double? {
    var reader = Reader(bytes: bytes)
    let all = reader.bits(flagBits)
    let components = reader.components()
    for each in IndicatorKind.allCases {
      let indicator = reader.indicator(each, Flags(each, in: all), components)
      if each == kind { return indicator.value }
    }
    return nil
  }

  private struct Reader {
    let bytes: UnsafeRawBufferPointer
    var offset = 0

    mutating func bits(_ count: Int) -> UInt128 {
      var value: UInt128 = 0
      for index in 0..<byteCount(count) { value |= UInt128(byte()) << UInt128(index * 8) }
      return value
    }

    mutating func byte() -> UInt8 {
      offset += 1
      return bytes[offset - 1]
    }

    mutating func varint() -> UInt64 {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        let next = UInt64(byte())
        value |= (next & 0x7f) << shift
        if next < 0x80 { return value }
        shift += 7
      }
    }

    mutating func zigzag() -> Int64 {
      let value = varint()
      return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func components() -> Components {
      let nonzero = bits(componentBits)
      var components = Components()
      for component in Component.allCases where nonzero >> UInt128(component.rawValue) & 1 == 1 {
        components[component] = zigzag()
      }
      return components
    }

    mutating func indicator(_ kind: IndicatorKind, _ flags: Flags, _ components: Components) -> Indicator {
      let value = double(flags.value, of: kind) { kind.value(from: components) }
      let previous = double(flags.previous, of: kind) { value }
      return Indicator(
        value: value, previous: previous, trend: Trend(rawValue: Int32(flags.trend)),
        bar: flags.bar == 0 ? nil : Int32(flags.bar))
    }

    private mutating func double(_ form: Form, of kind: IndicatorKind, implied: () -> Double?) -> Double? {
      switch form {
      case .absent: nil
      case .fraction: Double(zigzag()) / kind.denominator
      case .double: Double(bitPattern: UInt64(truncatingIfNeeded: bits(64)))
      case .implied: implied()
      }
    }

    mutating func time(isOneNumber: Bool) -> Timestamp {
      let number = zigzag()
      guard isOneNumber else {
        return Timestamp(seconds: number, nanos: Int32(truncatingIfNeeded: varint()))
      }
      // Rounded down, also before 1970.
      let milliseconds = ((number % 1000) + 1000) % 1000
      return Timestamp(seconds: (number - milliseconds) / 1000, nanos: Int32(milliseconds * 1_000_000))
    }
  }
}

extension IndicatorKind {
  /// The denominator of most of the indicator's values.
  fileprivate var denominator: Double { Double(definition.formula.commonDenominator ?? 1) }

  /// What the formula gives in doubles, which is the exact value rounded unless numbers are very large.
  fileprivate func value(from components: Components) -> Double {
    let formula = definition.formula
    let numerator = components[formula.component] &- (formula.subtracted.map { components[$0] } ?? 0)
    return Double(numerator) / (Double(formula.unit) * (formula.divisor.map { Double(components[$0]) } ?? 1))
  }
}
