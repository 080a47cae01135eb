extension Dataset {
  /// A number that tells these images from others: 16 hexadecimal digits.
  ///
  /// It depends on sizes, class names, labels, pixels and normalisation of both splits and not on the
  /// name, so that a data set may move to another folder. It finds changes that happen, such as an
  /// exchanged file; it is no protection against somebody who makes two data sets collide.
  public var fingerprint: String {
    var mixer = Mixer()
    for split in [training, test] { split.add(to: &mixer) }
    let digits = String(mixer.state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension ImageDataset {
  fileprivate func add(to mixer: inout Mixer) {
    for size in [count, channels, height, width, classCount] { mixer.add(UInt64(size)) }
    for name in classNames { mixer.add(Array(name.utf8)) }
    for label in labels { mixer.add(UInt64(label)) }
    for value in normalization.mean + normalization.deviation { mixer.add(value.bitPattern) }
    mixer.add(pixels)
  }
}

/// Eight bytes at a time, since a data set is read whole each time a training is resumed.
private struct Mixer {
  var state: UInt64 = 0

  /// Every step is a bijection of the state for a given word and the other way round, so that two
  /// inputs that differ in a single word never meet.
  mutating func add(_ word: UInt64) {
    // Multiplier and shifts of SplitMix64's finaliser (Steele, Lea and Flood, 2014).
    state = (state ^ word) &* 0xBF58_476D_1CE4_E5B9 &+ 0x9E37_79B9_7F4A_7C15
    state ^= state >> 29
  }

  mutating func add(_ bytes: [UInt8]) {
    add(UInt64(bytes.count))
    let span = bytes.span
    var index = 0
    while index < span.count {
      var word: UInt64 = 0
      for byte in index..<min(index + 8, span.count) { word = word << 8 | UInt64(span[byte]) }
      add(word)
      index += 8
    }
  }
}
