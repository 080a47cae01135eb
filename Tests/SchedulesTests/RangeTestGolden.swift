import Foundation
import Schedules
import Testing

/// One synthetic curve with what fastai and pytorch-lr-finder make of it.
struct RangeTestCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Answer: Decodable, Sendable {
    let rate: Double?
    let point: Int?
    let stable: Bool?
    let error: String?
  }
  struct Fastai: Decodable, Sendable {
    let stoppedAfter: Int
    let keptFrom: Int
    let keptCount: Int
    let smoothed: [Double]
    let valley: Answer
    let slide: Answer
    let minimum: Answer
    let steep: Answer
  }
  struct TorchLRFinder: Decodable, Sendable {
    let stoppedAfter: Int
    let smoothed: [Double]
    let steepest: Answer
  }

  let name: String
  let from: Double
  let to: Double
  let count: Int
  let losses: [Double]
  let fastai: Fastai
  let pytorchLRFinder: TorchLRFinder

  var testDescription: String { name }

  /// Every ninth value is stored.
  static let smoothedStride = 9

  static let all: [RangeTestCase] = {
    struct File: Decodable { let cases: [RangeTestCase] }
    return (try? GoldenFile.read("range-tests.json", as: File.self).cases) ?? []
  }()

  static func named(_ name: String) throws -> RangeTestCase {
    try #require(all.first { $0.name == name })
  }

  /// fastai's grid leaves the last rate out, pytorch-lr-finder's reaches it.
  func curve(reachingEnd: Bool = false) throws -> RangeTestCurve {
    let divisor = Double(reachingEnd ? count - 1 : count)
    return try RangeTestCurve(
      values: (0..<count).map { from * pow(to / from, Double($0) / divisor) },
      losses: losses)
  }
}
