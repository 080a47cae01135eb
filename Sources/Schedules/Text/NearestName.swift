/// The known name that a misspelt one is closest to, if it is close enough to be meant.
///
/// The distance counts letters that are added, left out, replaced or swapped with their neighbour;
/// a third of the letters may differ.
func nearestName(to name: String, among known: [String]) -> String? {
  let word = Array(name.lowercased().utf8.prefix(40))
  var best: (name: String, distance: Int)?
  for candidate in known {
    let distance = editDistance(word, Array(candidate.lowercased().utf8))
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  guard let best, best.distance <= max(1, min(word.count, best.name.utf8.count) / 3) else {
    return nil
  }
  return best.name
}

private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1] + [Int](repeating: 0, count: b.count)
    for j in 0..<b.count {
      row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
      }
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
