extension String {
  /// The text for insertion into a sentence: if it contains right-to-left characters, it is isolated from the text around it
  /// (Unicode UAX #9). Characters that control the direction are removed.
  package var isolated: String {
    let scalars = unicodeScalars.filter { !Self.isDirection($0) }
    let text = scalars.count == unicodeScalars.count ? self : String(String.UnicodeScalarView(scalars))
    return scalars.contains(where: Self.isRightToLeft) ? "\u{2068}\(text)\u{2069}" : text
  }

  /// Embeddings, overrides, isolates and marks.
  private static func isDirection(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C: true
    default: false
    }
  }

  /// Whether it is in one of Unicode's blocks for right-to-left scripts.
  private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
    default: false
    }
  }
}
