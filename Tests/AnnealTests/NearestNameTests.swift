import Testing

@testable import anneal

@Suite struct NearestNameTests {
  @Test(arguments: [
    ("trian", "train"), ("TRAIN", "train"), ("repro", "reproduce"), ("lsit", "list"),
    ("benhc", "bench"), ("networks", "network"),
  ])
  func findsTheNameMeant(typed: String, meant: String) {
    let names = ["list", "train", "reproduce", "bench", "network", "plot"]
    #expect(nearestName(to: typed, in: names) == meant)
  }

  @Test(arguments: ["", "q", "zebra", "tr", "networkarchitecturesearch1"])
  func staysSilentWhenNothingIsClose(typed: String) {
    #expect(nearestName(to: typed, in: ["train", "reproduce", "find"]) == nil)
  }

  @Test func prefersTheClosestThenTheFirst() {
    #expect(nearestName(to: "resnet2", in: ["resnet8", "resnet20", "resnet9"]) == "resnet8")
    #expect(nearestName(to: "resnet20x", in: ["resnet8", "resnet20"]) == "resnet20")
  }
}
