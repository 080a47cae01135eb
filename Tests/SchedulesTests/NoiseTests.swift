import Schedules
import Testing

@Suite("Schedules: noise")
struct NoiseTests {
  private func values(_ schedule: Schedule, _ steps: Int) throws -> [Double] {
    Array(try schedule.resolved(over: Horizon(steps: steps)))
  }

  @Test("The same seed gives the same numbers, whatever the run's length")
  func seeds() throws {
    let noise = Schedule.noise(in: 0.5...1.5, seed: 7)
    let long = try values(noise, 10_000)
    #expect(try values(noise, 100) == Array(long.prefix(100)))
    #expect(try values(.noise(in: 0.5...1.5, seed: 8), 100) != Array(long.prefix(100)))
    #expect(long.allSatisfy { (0.5...1.5).contains($0) })
    #expect(Set(long).count == 10_000)
    // SplitMix64's numbers do not change from version to version.
    #expect(
      abs(long[0] - 1.2215081806049704) < 1e-15 && abs(long[9_999] - 0.9610022152722222) < 1e-15)
  }

  @Test("The numbers are even: mean, variance, and no memory")
  func evenness() throws {
    let count = 20_000
    let shares = try values(.noise(in: 0...1, seed: 1), count)
    let mean = shares.reduce(0, +) / Double(count)
    let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    let neighbours = zip(shares, shares.dropFirst()).reduce(0) {
      $0 + ($1.0 - mean) * ($1.1 - mean)
    }
    // Five standard errors each.
    #expect(abs(mean - 0.5) < 0.0102)
    #expect(abs(variance - 1.0 / 12) < 0.0027)
    #expect(abs(neighbours / Double(count)) < 0.003)
  }

  @Test("A number is held for as long as asked")
  func stretches() throws {
    let steps = try values(.noise(in: 0...1, seed: 3), 5)
    let held = try values(.noise(in: 0...1, seed: 3, every: 4.steps), 20)
    #expect(held == steps.flatMap { [Double](repeating: $0, count: 4) })
  }

  @Test("Noise on a schedule stays within its share, and prints")
  func onSchedules() throws {
    let noisy = Schedule.cosine(from: 1).withNoise(0.1, seed: 5)
    let plain = try values(.cosine(from: 1), 50)
    for (value, middle) in zip(try values(noisy, 50), plain) {
      #expect(abs(value - middle) <= 0.1 * middle * (1 + 1e-12))
    }
    #expect(noisy.description == "(1..0:cosine)*(0.9..1.1:noise(5))")
    #expect(Schedule(noisy.description) == noisy)
    let slow = Schedule.noise(in: 0...1, seed: .max, every: 2.epochs)
    #expect(slow.description == "0..1:noise(18446744073709551615,2ep)")
    #expect(Schedule(slow.description) == slow)
  }
}
