/// What a process has for sums between GPUs, as it tells the others.
struct TeamOffer: Hashable {
  /// Where its GPU sits: `0000:1B:00.0`; empty for the processor.
  var device = ""
  /// NCCL's version; empty without it.
  var version = ""
  /// Why it cannot use NCCL; empty if it can.
  var problem = ""

  var bytes: [UInt8] { Array("\(device)\n\(version)\n\(problem)".utf8) }

  init(device: String = "", version: String = "", problem: String = "") {
    self.device = device
    self.version = version
    self.problem = problem.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// Reads it back; `nil` for any other bytes.
  init?(bytes: [UInt8]) {
    let lines = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 3 else { return nil }
    (device, version, problem) = (String(lines[0]), String(lines[1]), String(lines[2]))
  }

  /// Why processes with these offers do not sum between their GPUs, the same words in all of them;
  /// `nil` if they do.
  static func obstacle(_ offers: [TeamOffer]) -> String? {
    for (rank, offer) in offers.enumerated() where offer.device.isEmpty {
      return "process \(rank) computes on the processor"
    }
    for (rank, offer) in offers.enumerated() where !offer.problem.isEmpty {
      return "process \(rank) says: \(offer.problem)"
    }
    for (rank, offer) in offers.enumerated() {
      let first = offers.firstIndex { $0.device == offer.device } ?? rank
      if first < rank { return "processes \(first) and \(rank) share the GPU \(offer.device)" }
      if offer.version != offers[0].version {
        return "process 0 has NCCL \(offers[0].version) and process \(rank) \(offer.version)"
      }
    }
    return nil
  }
}
