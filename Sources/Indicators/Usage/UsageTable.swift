import CPrefetch

/// Which months each user was active in, by subscription and workload.
///
/// An active (user, subscription, workload) is one entry, found by the hash of all three in two cache lines. The entries of
/// a user are linked for distinct counts, those of a (subscription, workload) for changes of its partner of record. With
/// both indexes an entry takes 41 to 48 bytes: 36, 4.8 to 6 in the index of entries, and as much again in that of users if
/// it is its user's first.
struct UsageTable: ~Copyable {
  /// A (subscription, workload) in which somebody was active.
  struct Place: BitwiseCopyable {
    /// See `UsageIdentity`.
    let identity: Identity
    let subscription: Int32
    /// See `Catalog.workloadIndex`.
    let workload: Int16
    /// Months in which anybody was active in it.
    fileprivate(set) var months: UInt64 = 0
    fileprivate var newest = UsageTable.none

    init(_ identity: Identity, subscription: Int32, workload: Int16) {
      self.identity = identity
      self.subscription = subscription
      self.workload = workload
    }
  }

  static let none = UInt32.max

  private var entries = Slab<UsageEntry>()
  private(set) var places = Slab<Place>()
  /// Entries by `UsageIdentity.both`.
  private var entryIndex = IdentityIndex()
  /// The first entry of each user by `UsageIdentity.user`.
  private var userIndex = IdentityIndex()

  init() {}

  /// Bytes of memory. O(1).
  var byteCount: Int { entries.byteCount + places.byteCount + entryIndex.byteCount + userIndex.byteCount }

  /// The number of active (user, subscription, workload)s.
  var count: Int { entries.count }

  // MARK: The hot path

  /// Prefetches the memory that `prefetchEntry` and `find` read first.
  @inline(__always)
  func prefetchSlot(_ identity: Identity) { entryIndex.prefetch(identity) }

  /// Prefetches the entry that `find` will most likely return.
  @inline(__always)
  func prefetchEntry(_ identity: Identity) {
    guard let entry = entryIndex.guess(identity) else { return }
    let address = UnsafeRawPointer(entries.address(of: Int(entry)))
    CPrefetch.prefetch(address)
    // An entry may span two cache lines.
    CPrefetch.prefetch(address + (MemoryLayout<UsageEntry>.stride - 1))
  }

  /// The entry of these three. Expected O(1).
  @inline(__always)
  func find(_ identity: Identity) -> UInt32? {
    entryIndex.find(identity) { entries[Int($0)].identity == identity }
  }

  @inline(__always)
  func entry(_ number: UInt32) -> UsageEntry { entries[Int(number)] }

  // MARK: Changes

  mutating func addPlace(_ place: Place) -> UInt32 {
    places.append(place)
    return UInt32(places.count - 1)
  }

  mutating func add(_ months: UInt64, to entry: UInt32) {
    entries[Int(entry)].months |= months
    places[Int(entries[Int(entry)].place)].months |= months
  }

  /// Adds an entry that must not exist yet; `user` as in `UsageIdentity`. Amortized O(1).
  mutating func addEntry(_ months: UInt64, of user: Identity, in place: UInt32) {
    let number = UInt32(entries.count)
    let identity = UsageIdentity(user: user, place: places[Int(place)].identity).both
    let first = firstEntry(of: user)
    entries.append(
      UsageEntry(
        identity, months: months, place: place,
        nextOfUser: first.map { entries[Int($0)].nextOfUser } ?? number,
        nextOfPlace: places[Int(place)].newest))
    places[Int(place)].newest = number
    places[Int(place)].months |= months
    if !entryIndex.hasRoom(for: number) {
      entryIndex = entryIndex.grown(toHold: number) { entries[Int($0)].identity }
    }
    entryIndex.insert(number, identity)
    if let first {
      entries[Int(first)].nextOfUser = number
      return
    }
    if !userIndex.hasRoom(for: number) {
      userIndex = userIndex.grown(toHold: number) { self.user(of: $0) }
    }
    userIndex.insert(number, user)
  }

  // MARK: Users and places

  /// A user's first entry, which identifies the user.
  func firstEntry(of user: Identity) -> UInt32? {
    userIndex.find(user) { self.user(of: $0) == user }
  }

  /// The user of an entry, as in `UsageIdentity`.
  func user(of entry: UInt32) -> Identity {
    let entry = entries[Int(entry)]
    return entry.identity ^ places[Int(entry.place)].identity
  }

  /// Calls `body` with the months and the place of each entry of the same user as `entry`. O(the user's entries).
  @inline(__always)
  func forEachEntry(ofUserOf entry: UInt32, _ body: (_ months: UInt64, _ place: Place) -> Void) {
    var next = entry
    repeat {
      let entry = entries[Int(next)]
      body(entry.months, places[Int(entry.place)])
      next = entry.nextOfUser
    } while next != entry
  }

  /// Calls `body` with the first entry of each user who was active in the place in one of `months`. O(entries of the
  /// place's users).
  func forEachUser(of place: UInt32, activeIn months: UInt64, _ body: (UInt32) -> Void) {
    guard places[Int(place)].months & months != 0 else { return }
    var number = places[Int(place)].newest
    while number != UsageTable.none {
      let entry = entries[Int(number)]
      if entry.months & months != 0 { body(firstEntry(ofUserOf: number)) }
      number = entry.nextOfPlace
    }
  }

  private func firstEntry(ofUserOf entry: UInt32) -> UInt32 {
    var first = entry
    var next = entries[Int(entry)].nextOfUser
    while next != entry {
      first = min(first, next)
      next = entries[Int(next)].nextOfUser
    }
    return first
  }

  /// The first entry of every user, ascending. O(entries).
  var users: [UInt32] {
    (0..<UInt32(entries.count)).filter { firstEntry(ofUserOf: $0) == $0 }
  }

  // MARK: All entries

  /// Calls `body` with every entry, in an order in which the table can be rebuilt.
  func forEach(_ body: (_ user: Identity, _ place: UInt32, _ months: UInt64) -> Void) {
    for number in 0..<UInt32(entries.count) {
      let entry = entries[Int(number)]
      body(user(of: number), entry.place, entry.months)
    }
  }

  /// Advances the base by `months` and drops what lies before it. O(entries).
  mutating func advanceBase(by months: Int) {
    var kept = UsageTable()
    for number in 0..<places.count {
      let place = places[number]
      _ = kept.addPlace(Place(place.identity, subscription: place.subscription, workload: place.workload))
    }
    forEach { user, place, bits in
      let left = months >= UInt64.bitWidth ? 0 : bits >> UInt64(months)
      if left != 0 { kept.addEntry(left, of: user, in: place) }
    }
    self = kept
  }
}
