/// A number of 64 bits for a text or for bytes: FNV-1a (Fowler, Noll and Vo).
///
/// It tells one's own versions apart and finds a damaged file. It resists nobody who means harm.
struct Fingerprint: Hashable, Sendable {
  /// The number so far.
  private(set) var value: UInt64

  /// Starts; another `basis` gives other numbers for the same bytes.
  init(basis: UInt64 = 0xCBF2_9CE4_8422_2325) {
    value = basis
  }

  /// Takes bytes in.
  mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
    }
  }

  /// Takes a text in, and where it ends.
  mutating func add(_ text: String) {
    add(text.utf8)
    add(CollectionOfOne(0))
  }

  /// Sixteen hexadecimal digits.
  var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
