/// The months in which one user was active in one place. 36 bytes: there may be a hundred million, so it is aligned to four
/// bytes, and stores the user's identity only combined with the place's.
struct UsageEntry: BitwiseCopyable {
  private var identityWords: (UInt32, UInt32, UInt32, UInt32)
  private var monthWords: (UInt32, UInt32)
  let place: UInt32
  /// The user's entries form a ring.
  var nextOfUser: UInt32
  /// The place's entries form a chain that ends in `UsageTable.none`.
  let nextOfPlace: UInt32

  init(_ identity: Identity, months: UInt64, place: UInt32, nextOfUser: UInt32, nextOfPlace: UInt32) {
    identityWords = (
      UInt32(truncatingIfNeeded: identity.low), UInt32(identity.low >> 32),
      UInt32(truncatingIfNeeded: identity.high), UInt32(identity.high >> 32)
    )
    monthWords = (UInt32(truncatingIfNeeded: months), UInt32(months >> 32))
    self.place = place
    self.nextOfUser = nextOfUser
    self.nextOfPlace = nextOfPlace
  }

  /// `UsageIdentity.both`.
  @inline(__always)
  var identity: Identity {
    Identity(
      low: UInt64(identityWords.0) | UInt64(identityWords.1) << 32,
      high: UInt64(identityWords.2) | UInt64(identityWords.3) << 32)
  }

  /// Bit 0 is the task's base month.
  @inline(__always)
  var months: UInt64 {
    get { UInt64(monthWords.0) | UInt64(monthWords.1) << 32 }
    set { monthWords = (UInt32(truncatingIfNeeded: newValue), UInt32(newValue >> 32)) }
  }
}
