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
    let long = try Self.answer(ScheduleQuestion(text: "lr=0.1", steps: 1_000_001))
    #expect(long["error"] != nil)
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
    let second = StepRecord(step: 1, epoch: 0, learningRate: 0.2, momentum: 0.9, loss: .nan)
    try folder.write(Array("\(line)\n\(second.jsonLine)\n{\"st".utf8), "metrics.jsonl")
    let events = explorer.poll()
    #expect(events.map(\.name) == ["points"])
    #expect(
      events.first?.data.contains(
        "{\"panel\":0,\"run\":\"a\",\"x\":[0.0,1.0],\"y\":[2.0,null]}") == true)
    #expect(explorer.poll().isEmpty)
    let missed = Self.response(.get, "/events", fields: ["last-event-id": "0-0"], of: explorer)
    #expect(missed.body.contains("id: 0-1\nevent: points\n"))
    let lost = Self.response(.get, "/events", fields: ["last-event-id": "0-77"], of: explorer)
    #expect(lost.body.contains("id: 0-1\nevent: runs\n"))
    try folder.write(Array("\(line)\n".utf8), "metrics.jsonl")
    #expect(explorer.poll().map(\.name) == ["runs"] && explorer.runs[0].log.steps.count == 1)
  }

  @Test func writesThePageToAFile() throws {
    let folder = try TemporaryFolder()
    let test = TestConsole()
    #expect(test.run("explore", "lr=0.1..0", "--html", "\(folder.path)/page.html") == .done)
    let page = try folder.text("page.html")
    #expect(page.contains("<body class=\"still\"") && page.contains("\"text\":\"lr=0.1..0\""))
    #expect(!page.contains("https://"))
  }
}
