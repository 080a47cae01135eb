import Networks

/// The host's side of a team whose other processes say what a test lets them say.
final class ScriptedHost: Collective {
  let rank = 0
  let count: Int
  /// What the others say, of the number of the exchange and this process's own message.
  private let others: (_ exchange: Int, _ own: [UInt8]) -> [[UInt8]]
  private var exchange = 0
  /// Who has gone.
  var gone: CollectiveError?
  private(set) var abandoned: [String] = []

  /// Makes the first of some processes.
  init(count: Int = 2, _ others: @escaping (Int, [UInt8]) -> [[UInt8]]) {
    self.count = count
    self.others = others
  }

  func add(_ values: Span<Float>, onto totals: inout MutableSpan<Float>) throws(CollectiveError) {
    try check()
  }

  func gather(_ message: [UInt8]) throws(CollectiveError) -> [[UInt8]] {
    try check()
    exchange += 1
    return [message] + others(exchange - 1, message)
  }

  func broadcast(_ message: [UInt8]) throws(CollectiveError) -> [UInt8] {
    try check()
    return message
  }

  func check() throws(CollectiveError) {
    if let gone { throw gone }
  }

  func abandon(_ reason: String) { abandoned.append(reason) }
}
