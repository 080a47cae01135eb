/// Every so many of an epoch's batches: those of one of several processes.
///
/// Of each group of `count` consecutive batches the share has the one at `index`, so that what several
/// processes load at the same time stands together in the epoch.
public struct BatchShare: Hashable, Sendable {
  /// Which of the shares it is, 0..<`count`.
  public let index: Int
  /// The shares, ≥ 1.
  public let count: Int

  /// All batches.
  public static let all = BatchShare(index: 0, of: 1)

  /// Makes a share.
  ///
  /// - Precondition: 0 ≤ `index` < `count`.
  public init(index: Int, of count: Int) {
    precondition(0..<count ~= index, "there is no share \(index) of \(count)")
    self.index = index
    self.count = count
  }

  /// Its batches among the first ones of an epoch.
  func batchCount(of total: Int) -> Int { (total - index + count - 1) / count }

  /// The number, within the epoch, of a batch of the share.
  func batch(_ own: Int) -> Int { own * count + index }
}
