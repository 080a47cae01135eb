import TestSupport
import Testing

@testable import Plotting

@Suite struct AxisTests {
  private func domain(
    _ axis: Axis, _ values: [Double], margin: Double = 0.05
  )
    -> ClosedRange<Double>
  {
    var extent = axis.emptyExtent
    for value in values { extent.include(value) }
    return axis.scale(for: extent, margin: margin).domain
  }

  @Test func automaticDomainsShowAllDataWithRoom() {
    #expect(domain(Axis("y"), [2, 4]) == 1.9...4.1)
    #expect(domain(Axis("y"), [2, 4], margin: 0) == 2...4)
    #expect(domain(Axis("y"), [2, .nan, 4, .infinity], margin: 0) == 2...4)
  }

  @Test func zeroIsReachedButNotPassed() {
    #expect(domain(Axis("y"), [0.1, 1]).lowerBound == 0)
    #expect(domain(Axis("y"), [0, 1]).lowerBound == 0)
    #expect(domain(Axis("y"), [-1, -0.1]).upperBound == 0)
    #expect(domain(Axis("y", includesZero: true), [8, 9]).lowerBound == 0)
  }

  @Test func logarithmicDomainsStayPositive() {
    let axis = Axis("y", kind: .logarithmic)
    #expect(domain(axis, [-3, 0, 0.01, 1], margin: 0) == 0.01...1)
    #expect(domain(axis, [-3, 0]) == 0.1...1)
    #expect(domain(axis, [0.01, 1]).lowerBound > 0.005)
  }

  @Test func anExplicitDomainWins() {
    #expect(domain(Axis("y", domain: 0...3), [100]) == 0...3)
  }
}
