import Foundation
import Testing

/// Machines in threads of this process that sum together: every member waits for all others.
final class EmulatedTeam: @unchecked Sendable {
  // Unchecked: everything that changes is behind the condition.

  /// One machine's place.
  struct Member {
    let team: EmulatedTeam
    let rank: Int

    func sum(_ values: [Float]) -> [Float] { team.sum(values, rank) }
  }

  private let count: Int
  private let condition = NSCondition()
  private var parts: [Int: [Float]] = [:]
  private var sums: [Float] = []
  private var leaving = 0
  private var made = 0

  /// The sums that were made.
  var sumCount: Int {
    condition.lock()
    defer { condition.unlock() }
    return made
  }

  init(_ count: Int) { self.count = count }

  /// Adds in the order of the ranks.
  private func sum(_ values: [Float], _ rank: Int) -> [Float] {
    condition.lock()
    defer { condition.unlock() }
    wait { leaving == 0 }
    parts[rank] = values
    if parts.count == count {
      sums = (1..<count).reduce(parts[0] ?? []) { sums, rank in
        zip(sums, parts[rank] ?? []).map { $0 + $1 }
      }
      #expect(sums.count == values.count)
      leaving = count
      made += 1
      condition.broadcast()
    } else {
      wait { leaving > 0 }
    }
    let result = sums
    leaving -= 1
    if leaving == 0 {
      parts = [:]
      condition.broadcast()
    }
    return result
  }

  private func wait(_ isReady: () -> Bool) {
    let end = Date(timeIntervalSinceNow: 60)
    while !isReady() {
      precondition(condition.wait(until: end), "a machine of the team does not come")
    }
  }
}
