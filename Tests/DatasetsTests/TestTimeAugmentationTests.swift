import Datasets
import Testing

@Suite struct TestTimeAugmentationTests {
  /// Two images of 2×4.
  private let images: [Float] = [1, 2, 3, 4, 5, 6, 7, 8] + [1, 0, 0, 0, 0, 0, 0, 2]

  private func views(_ augmentation: TestTimeAugmentation) -> [[Float]] {
    augmentation.views.map { view in
      var result = [Float](repeating: -1, count: images.count)
      var span = result.mutableSpan
      view.write(images.span, height: 2, width: 4, into: &span)
      return result
    }
  }

  @Test func viewsAreWhatJordanSays() {
    #expect(views(.none) == [images])
    let mirrored: [Float] = [4, 3, 2, 1, 8, 7, 6, 5] + [0, 0, 0, 1, 2, 0, 0, 0]
    #expect(views(.flip) == [images, mirrored])
    #expect(
      views(.flipAndTranslate) == [
        images, mirrored,
        // Down and to the right; the row and the column that move in are those beside the edge.
        [6, 5, 6, 7, 2, 1, 2, 3] + [0, 0, 0, 0, 0, 1, 0, 0],
        [7, 6, 5, 6, 3, 2, 1, 2] + [0, 0, 0, 0, 0, 0, 1, 0],
        [6, 7, 8, 7, 2, 3, 4, 3] + [0, 0, 2, 0, 0, 0, 0, 0],
        [7, 8, 7, 6, 3, 4, 3, 2] + [0, 2, 0, 0, 0, 0, 0, 0],
      ])
  }

  @Test func weightsAddUp() {
    #expect(TestTimeAugmentation.none.views.map(\.weight) == [1])
    #expect(TestTimeAugmentation.flip.views.map(\.weight) == [0.5, 0.5])
    #expect(
      TestTimeAugmentation.flipAndTranslate.views.map(\.weight)
        == [0.25, 0.25, 0.125, 0.125, 0.125, 0.125])
  }

  @Test func isItsText() {
    #expect(TestTimeAugmentation.allCases.map(\.description) == ["none", "flip", "flip,translate"])
  }
}
