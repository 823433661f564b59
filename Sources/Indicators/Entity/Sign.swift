/// Whether a contribution is added or taken back.
enum Sign {
  case add
  case withdraw

  static func * (sign: Sign, value: Int64) -> Int64 { sign == .add ? value : 0 &- value }
}
