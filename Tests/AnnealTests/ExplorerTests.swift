import Foundation
import Testing
import Training

@testable import anneal

@Suite struct ExplorerTests {
  private static let explorer = Explorer(
    initial: ScheduleQuestion(text: "lr=0..0.1@10%,0.1..0", steps: 100), runs: [], port: 8080)

  private static func response(
    _ method: HTTPRequest.Method = .get, _ path: String, _ body: String = "",
    fields: [String: String] = [:], of explorer: Explorer = explorer
  ) -> HTTPResponse {
    var all = ["host": "127.0.0.1:8080"]
    if method == .post {
      all["origin"] = "http://127.0.0.1:8080"
      all["content-type"] = "application/json"
    }
    return explorer.response(
      to: HTTPRequest(
        method: method, path: path, fields: all.merging(fields) { $1 }, body: Array(body.utf8)))
  }

  private static func answer(_ question: ScheduleQuestion) throws -> [String: Any] {
    let body = String(decoding: try JSONEncoder().encode(question), as: UTF8.self)
    let text = response(.post, "/schedule", body).body
    return try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// What the page is told of the runs in a plan's figure, in short.
  private static func overlay(of explorer: Explorer) throws -> String {
    let body = JSON.text(ScheduleQuestion(text: "lr=0.1..0", steps: 100))
    let data = Data(response(.post, "/schedule", body, of: explorer).body.utf8)
    let answer = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let overlay = try #require(answer["overlay"] as? [String: Any])
    let panels = try #require(overlay["panels"] as? [[String: Int]])
    return [
      try #require(overlay["event"] as? String),
      try #require(overlay["runs"] as? [String]).joined(separator: ","),
      panels.map { "\($0["from"] ?? -1)>\($0["to"] ?? -1)" }.joined(separator: " "),
    ].joined(separator: " ")
  }

  @Test func answersThisMachineAlone() {
    #expect(Self.response(.get, "/").status == 200)
    #expect(Self.response(.get, "/", fields: ["host": "localhost:8080"]).status == 200)
    for host in ["evil.example:8080", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8080.evil.example"] {
      #expect(Self.response(.get, "/", fields: ["host": host]).status == 421)
    }
    #expect(
      Self.response(.post, "/schedule", "{}", fields: ["origin": "http://evil.example"]).status
        == 403)
    #expect(Self.response(.post, "/schedule", "{}", fields: ["origin": "null"]).status == 403)
  }

  @Test func knowsItsPaths() {
    #expect(Self.response(.get, "/other").status == 404)
    #expect(Self.response(.post, "/").status == 405)
    #expect(Self.response(.get, "/schedule").status == 405)
    #expect(Self.response(.post, "/schedule", "nonsense").status == 400)
    #expect(
      Self.response(.post, "/schedule", "{}", fields: ["content-type": "text/plain"]).status == 415)
    #expect(Self.response(.get, "/events").isStream)
  }

  @Test func answersAText() throws {
    let answer = try Self.answer(
      ScheduleQuestion(text: "lr=0..0.1@10%,0.05..0", steps: 100, reference: "lr=0.1"))
    #expect(answer["text"] as? String == "lr=0..0.1@10%,0.05..0")
    let findings = try #require(answer["findings"] as? [[String: Any]])
    #expect(findings.first?["text"] as? String == "the value jumps from 0.1 to 0.05 at step 10")
    let differences = try #require(answer["differences"] as? [[String: Any]])
    #expect((differences.first?["text"] as? String)?.hasPrefix("largest gap 0.1 at step 0") == true)
    let exports = try #require(answer["exports"] as? [[String: String]])
    #expect(exports.map { $0["name"] } == ["Swift", "text", "JSON", "PyTorch"])
    let figure = try #require(answer["figure"] as? [String: Any])
    #expect((figure["handles"] as? [Any])?.count == 4)
  }

  @Test func saysWhereATextIsWrong() throws {
    let answer = try Self.answer(ScheduleQuestion(text: "momentum=0.9  lr=0.1..?", steps: 100))
    let error = try #require(answer["error"] as? [String: Any])
    #expect(error["column"] as? Int == 23)
    #expect((error["text"] as? String)?.hasPrefix("column 23: expected") == true)
    #expect(error["field"] as? String == "text")
    #expect(error["excerpt"] as? String == "momentum=0.9  lr=0.1..?\n                      ^")
  }

  @Test(arguments: [
    ("lr=0.1\n momentum=0.9?", "line 2, column 14: ", " momentum=0.9?\n             ^"),
    ("lr=0.1..\nwd=1", "line 1, column 9: ", "lr=0.1..\n        ^"),
    ("\tlr=onecycel(peak=1)", "column 5: ", " lr=onecycel(peak=1)\n    ^"),
    (
      "lr=(0.1..0@10ep,0.2..0@10ep,0.3..0@10ep,0.4..?,0.5..0@10ep,0.6..0)", "column 46: ",
      "…,0.3..0@10ep,0.4..?,0.5..0@10ep,0.6.…\n                   ^"
    ),
  ])
  func marksThePlaceOfAMistake(text: String, place: String, excerpt: String) {
    do throws(ScheduleQuestion.Mistake) {
      _ = try ScheduleQuestion.schedules(text)
      Issue.record("\(text) is no plan")
    } catch {
      #expect(error.text.hasPrefix(place), "\(error.text)")
      #expect(error.excerpt == excerpt)
    }
  }

  @Test(arguments: [
    ("0", "", "steps: expected a whole number from 1 to 1 000 000, found '0'", "steps"),
    ("1000001", "", "steps: expected a whole number from 1 to 1 000 000, found '1000001'", "steps"),
    ("", "", "steps: expected a whole number from 1 to 1 000 000, found nothing", "steps"),
    ("1.5", "", "steps: expected a whole number from 1 to 1 000 000, found '1.5'", "steps"),
    (
      " 100 ", " nan", "steps in an epoch: expected a positive number, or nothing, found 'nan'",
      "steps-per-epoch"
    ),
    (
      "100", "-1", "steps in an epoch: expected a positive number, or nothing, found '-1'",
      "steps-per-epoch"
    ),
    (
      "100", " ", "phase 1 (0.1..0@2ep) is measured in epochs; say how many steps are in one",
      "steps-per-epoch"
    ),
  ])
  func saysWhichNumberIsWrong(steps: String, epoch: String, text: String, field: String) throws {
    var question = ScheduleQuestion(text: "lr=0.1..0@2ep,0", steps: 1)
    (question.steps, question.stepsPerEpoch) = (steps, epoch)
    let error = try #require(try Self.answer(question)["error"] as? [String: Any])
    #expect(error["text"] as? String == text)
    #expect(error["field"] as? String == field)
  }

  @Test func saysHowLongTheRunIs() throws {
    func length(_ steps: Int, _ stepsPerEpoch: Int?) throws -> String? {
      let question = ScheduleQuestion(text: "lr=1", steps: steps, stepsPerEpoch: stepsPerEpoch)
      return try Self.answer(question)["length"] as? String
    }
    #expect(try length(1, nil) == "1 step")
    #expect(try length(20_000, 20_000) == "20 000 steps, which are 1 epoch")
    #expect(try length(250, 100) == "250 steps, which are 2.5 epochs")
  }

  @Test func movesAKnot() throws {
    let drag = ScheduleQuestion.Drag(id: "0:1", x: 25, y: 0.20004)
    let answer = try Self.answer(
      ScheduleQuestion(text: "lr=0..0.1@10%,0.1..0", steps: 100, drag: drag))
    #expect(answer["text"] as? String == "lr=0..0.2@25%,0.2..0")
  }

  @Test func findsTheNumbersOfAText() {
    let text = "lr=onecycle(peak=0.4,warmup=30%) momentum=0.95..0.85@3ep:1-sqrt"
    let sliders = TextSlider.all(in: text, steps: 100, stepsPerEpoch: 10)
    #expect(sliders.map(\.label) == ["peak", "warmup", "momentum 1", "momentum 2", "momentum 3"])
    #expect(sliders.map(\.value) == [0.4, 30, 0.95, 0.85, 3])
    #expect(sliders.map(\.unit) == ["", "%", "", "", "ep"])
    #expect(sliders.first?.start == 17 && sliders.first?.end == 20)
    #expect(sliders.allSatisfy { $0.minimum <= $0.value && $0.value <= $0.maximum })
  }

  @Test func framesEventsAndGoesOnAfterOne() {
    var log = EventLog(series: 5, limit: 2)
    func id(_ number: Int) -> EventLog.ID { EventLog.ID(series: 5, number: number) }
    #expect(log.append("points", "a").text == "id: 5-1\nevent: points\ndata: a\n\n")
    #expect(log.append("points", "b\nc").text == "id: 5-2\nevent: points\ndata: b\ndata: c\n\n")
    log.append("points", "d")
    #expect(
      log.events(after: id(3)) == [] && log.events(after: id(1))?.map(\.id) == [id(2), id(3)])
    #expect(log.events(after: id(0)) == nil && log.events(after: id(4)) == nil)
    #expect(log.events(after: id(.min)) == nil && log.events(after: id(.max)) == nil)
    #expect(log.events(after: EventLog.ID(series: 4, number: 3)) == nil)
  }

  @Test func followsARunThatGrows() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("{}".utf8), "recipe.json")
    let line = StepRecord(step: 0, epoch: 0, learningRate: 0.1, momentum: 0.9, loss: 2).jsonLine
    try folder.write(Array(line.utf8), "metrics.jsonl")
    let run = try FollowedRun(folder: folder.path, name: "a")
    #expect(run.log.steps.isEmpty, "half a line is no record")
    var explorer = Explorer(initial: Self.explorer.initial, runs: [run], port: 8080)
    #expect(explorer.poll().isEmpty)
    #expect(try Self.overlay(of: explorer) == "0-0  2>0")
    let second = StepRecord(step: 1, epoch: 0, learningRate: 0.2, momentum: 0.9, loss: .nan)
    try folder.write(Array("\(line)\n\(second.jsonLine)\n{\"st".utf8), "metrics.jsonl")
    let events = explorer.poll()
    #expect(events.map(\.name) == ["points"])
    #expect(
      events.first?.data.contains(
        "{\"panel\":0,\"run\":\"a\",\"x\":[0.0,1.0],\"y\":[2.0,null]}") == true)
    #expect(explorer.poll().isEmpty)
    #expect(try Self.overlay(of: explorer) == "0-1 a 2>0 3>1")
    let missed = Self.response(.get, "/events", fields: ["last-event-id": "0-0"], of: explorer)
    #expect(missed.body.contains("id: 0-1\nevent: points\n"))
    let lost = Self.response(.get, "/events", fields: ["last-event-id": "0-77"], of: explorer)
    #expect(lost.body.contains("id: 0-1\nevent: runs\n"))
    try folder.write(Array("\(line)\n".utf8), "metrics.jsonl")
    #expect(explorer.poll().map(\.name) == ["runs"] && explorer.runs[0].log.steps.count == 1)
  }

  /// The greatest rate so far may not be the greatest of all.
  @Test func namesNoPeakOfARunThatGoesOn() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("{}".utf8), "recipe.json")
    let lines = [0.1, 0.3, 0.2].enumerated().map { step, rate in
      StepRecord(step: step, epoch: 0, learningRate: rate, momentum: 0.9, loss: 1).jsonLine + "\n"
    }
    try folder.write(Array(lines.joined().utf8), "metrics.jsonl")
    let explorer = Explorer(
      initial: Self.explorer.initial, runs: [try FollowedRun(folder: folder.path, name: "a")],
      port: 8080)
    let body = JSON.text(ScheduleQuestion(text: "lr=0..0.5@10%,0.5..0", steps: 100))
    let answer = Self.response(.post, "/schedule", body, of: explorer).body
    #expect(answer.contains("peak 0.5") && answer.contains("\"runs\":[\"a\"]"))
    #expect(!answer.contains("peak 0.3"))
  }

  @Test func writesThePageToAFile() throws {
    let folder = try TemporaryFolder()
    let test = TestConsole()
    let path = "\(folder.path)/it's.html"
    #expect(
      test.run(
        "explore", "lr=onecycle(peak=1)", "--html", path, "--steps-per-epoch", "10") == .done)
    let page = try folder.text("it's.html")
    #expect(page.contains("<body class=\"still\""))
    #expect(page.contains("\"text\":\"lr=onecycle(peak=1)\""))
    #expect(
      page.replacingOccurrences(of: "&#39;", with: "'").contains(
        """
        <code>anneal explore 'lr=onecycle(peak=1)' --steps 1000 --steps-per-epoch 10 \
        --html '\(folder.path)/it'\\''s.html'</code>
        """))
    #expect(!page.contains("https://") && !page.contains("<textarea"))
    #expect(
      test.run("explore", "lr=onecycle(peak=1)", "--html", path, "--steps-per-epoch", "10") == .done
    )
    #expect(try folder.text("it's.html") == page, "the same input gives the same bytes")
  }
}
