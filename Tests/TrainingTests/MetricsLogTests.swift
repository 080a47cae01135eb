import Foundation
import Schedules
import Testing

@testable import Training

@Suite struct MetricsLogTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let step = StepRecord(step: 12, epoch: 1, learningRate: 0.1, momentum: 0.95, loss: 1.5)
  private let epoch = EpochRecord(
    epoch: 1, trainLoss: 1.25, testLoss: 0.5, testAccuracy: 0.8125, wallSeconds: 2,
    imagesPerSecond: 1e-05)

  @Test func writesLines() {
    #expect(
      step.jsonLine
        == #"{"step":12,"epoch":1,"learningRate":0.1,"momentum":0.95,"loss":1.5}"#)
    #expect(
      epoch.jsonLine
        == #"{"epoch":1,"trainLoss":1.25,"testLoss":0.5,"testAccuracy":0.8125,"wallSeconds":2.0,"#
        + #""imagesPerSecond":1e-05}"#)
  }

  @Test func aLossThatIsNotFiniteIsNullAndOneThatWasNotReadIsLeftOut() {
    func line(_ loss: Double?) -> String {
      StepRecord(step: 0, epoch: 0, learningRate: 1, momentum: 0, loss: loss).jsonLine
    }
    #expect(line(.nan).hasSuffix(#""momentum":0.0,"loss":null}"#))
    #expect(line(.infinity).hasSuffix(#""momentum":0.0,"loss":null}"#))
    #expect(line(nil).hasSuffix(#""momentum":0.0}"#))
  }

  private func read(_ text: String) throws -> MetricsLog {
    let path = "\(folder.path)/metrics.jsonl"
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return try MetricsLog(path: path)
  }

  @Test func readsBackWhatItWrites() throws {
    let unread = StepRecord(step: 13, epoch: 1, learningRate: 1e-300, momentum: 0, loss: nil)
    let log = try read(
      [step.jsonLine, unread.jsonLine, epoch.jsonLine, ""].joined(separator: "\n"))
    #expect(log.steps == [step, unread])
    #expect(log.epochs == [epoch])
    let diverged = try read(
      #"{"step":1,"epoch":0,"learningRate":1,"momentum":0,"loss":null}"# + "\n")
    #expect(diverged.steps[0].loss?.isNaN == true)
    #expect(try read("") == MetricsLog())
  }

  @Test func saysWhereTheRunWasResumed() throws {
    let resumed = MetricsLog.jsonLine(resumedAtStep: 12)
    #expect(resumed == #"{"resumedAtStep":12}"#)
    let log = try read([resumed, step.jsonLine, epoch.jsonLine, ""].joined(separator: "\n"))
    #expect(log.resumedSteps == [12] && log.steps == [step] && log.epochs == [epoch])
    // A run that goes on from the same step again has not been resumed there yet.
    let prefix = try MetricsLog.prefix(path: "\(folder.path)/metrics.jsonl", step: 12)
    #expect(prefix.log == MetricsLog() && prefix.byteCount == 0)
    let next = try MetricsLog.prefix(path: "\(folder.path)/metrics.jsonl", step: 13, epoch: 2)
    #expect(next.log == log)
  }

  @Test func leavesOutALineThatWasBeingWritten() throws {
    let log = try read(step.jsonLine + "\n" + #"{"step":13,"epo"#)
    #expect(log.steps == [step])
  }

  @Test func aControllerIsReplayedFromALog() throws {
    var log = MetricsLog()
    for step in 0..<6 {
      log.append(
        StepRecord(
          step: step, epoch: step / 2, learningRate: 0.1, momentum: 0,
          loss: step % 2 == 0 ? Double(step) : nil))
      guard step % 2 == 1 else { continue }
      log.append(
        EpochRecord(
          epoch: step / 2, trainLoss: step == 1 ? nil : 0.5, testLoss: 1,
          testAccuracy: Double(step) / 10, wallSeconds: 1, imagesPerSecond: 1))
    }
    #expect(
      log.observations(of: .loss) == [0, 2, 4].map { Observation(step: $0, value: Double($0)) })
    #expect(
      log.observations(of: .trainLoss) == [3, 5].map { Observation(step: $0, value: 0.5) })
    #expect(
      log.observations(of: .testAccuracy) == [
        Observation(step: 1, value: 0.1), Observation(step: 3, value: 0.3),
        Observation(step: 5, value: 0.5),
      ])
    let rates = try Schedule.constant(0.1).resolved(over: Horizon(steps: 6))
    let plateau = Controller.plateau(factor: 0.5, patience: 0)
    #expect(
      plateau.values(of: rates, observing: log.observations(of: .testLoss)) == [
        0.1, 0.1, 0.1, 0.1, 0.05, 0.05,
      ])
    log.append(
      EpochRecord(
        epoch: 9, trainLoss: 1, testLoss: 1, testAccuracy: 1, wallSeconds: 1, imagesPerSecond: 1))
    #expect(log.observations(of: .testLoss).count == 3)
  }

  @Test(arguments: [
    (#"{"step":1}"#, #"{"step":1}"#), ("", ""), ("no JSON", "no JSON"),
    (#"{"step":"1","epoch":0}"#, #"{"step":"1","epoch":0}"#),
    (String(repeating: "x", count: 70), String(repeating: "x", count: 57) + "…"),
  ])
  func saysWhichLineIsWrong(line: String, found: String) {
    #expect(
      message(hiding: folder.path) { _ = try read(step.jsonLine + "\n" + line + "\n") }
        == "expected a JSON record in line 2 of F/metrics.jsonl, found '\(found)'")
  }

  @Test func saysThatAFileIsMissing() {
    #expect(
      message { _ = try MetricsLog(path: "/nowhere/metrics.jsonl") }
        == "cannot read /nowhere/metrics.jsonl: no such file")
  }
}
