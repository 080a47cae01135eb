// Register tiles: a few rows (pixels, or channels) of a few vectors each, all of them accumulators
// in registers. A tile is built of smaller ones by recursive generic types, which the compiler
// specialises to straight-line code; an array of accumulators would live in memory.

/// One row of a tile: vectors side by side.
protocol Row {
  static var vectors: Int { get }
  init(zero: Void)
  /// Loads the vectors, `stride` floats apart.
  init<E: Element>(_ address: UnsafePointer<E>, _ stride: Int)
  /// Adds `scalar · row`.
  mutating func add(_ scalar: Vector, _ row: Self)
  /// Stores the vectors, `stride` floats apart.
  func write<E: Element>(_ address: UnsafeMutablePointer<E>, _ stride: Int)
}

/// A row whose vectors may lie anywhere.
protocol ScatteredRow: Row {
  /// Loads the vectors from up to three offsets.
  init<E: Element>(_ address: UnsafePointer<E>, _ offsets: (Int, Int, Int))
}

struct Row1: ScatteredRow {
  private var a: Vector

  @inline(__always) static var vectors: Int { 1 }
  @inline(__always) init(zero: Void) { a = .zero }
  @inline(__always) init<E: Element>(_ address: UnsafePointer<E>, _ stride: Int) {
    a = load(address)
  }
  @inline(__always) init<E: Element>(_ address: UnsafePointer<E>, _ offsets: (Int, Int, Int)) {
    a = load(address + offsets.0)
  }
  @inline(__always) mutating func add(_ scalar: Vector, _ row: Row1) {
    a = multiplyAdd(scalar, row.a, a)
  }
  @inline(__always) func write<E: Element>(_ address: UnsafeMutablePointer<E>, _ stride: Int) {
    store(a, address)
  }
}

struct Row2: ScatteredRow {
  private var a: Vector
  private var b: Vector

  @inline(__always) static var vectors: Int { 2 }
  @inline(__always) init(zero: Void) {
    a = .zero
    b = .zero
  }
  @inline(__always) init<E: Element>(_ address: UnsafePointer<E>, _ stride: Int) {
    a = load(address)
    b = load(address + stride)
  }
  @inline(__always) init<E: Element>(_ address: UnsafePointer<E>, _ offsets: (Int, Int, Int)) {
    a = load(address + offsets.0)
    b = load(address + offsets.1)
  }
  @inline(__always) mutating func add(_ scalar: Vector, _ row: Row2) {
    a = multiplyAdd(scalar, row.a, a)
    b = multiplyAdd(scalar, row.b, b)
  }
  @inline(__always) func write<E: Element>(_ address: UnsafeMutablePointer<E>, _ stride: Int) {
    store(a, address)
    store(b, address + stride)
  }
}

struct Row3: ScatteredRow {
  private var a: Vector
  private var b: Vector
  private var c: Vector

  @inline(__always) static var vectors: Int { 3 }
  @inline(__always) init(zero: Void) {
    a = .zero
    b = .zero
    c = .zero
  }
  @inline(__always) init<E: Element>(_ address: UnsafePointer<E>, _ stride: Int) {
    a = load(address)
    b = load(address + stride)
    c = load(address + 2 * stride)
  }
  @inline(__always) init<E: Element>(_ address: UnsafePointer<E>, _ offsets: (Int, Int, Int)) {
    a = load(address + offsets.0)
    b = load(address + offsets.1)
    c = load(address + offsets.2)
  }
  @inline(__always) mutating func add(_ scalar: Vector, _ row: Row3) {
    a = multiplyAdd(scalar, row.a, a)
    b = multiplyAdd(scalar, row.b, b)
    c = multiplyAdd(scalar, row.c, c)
  }
  @inline(__always) func write<E: Element>(_ address: UnsafeMutablePointer<E>, _ stride: Int) {
    store(a, address)
    store(b, address + stride)
    store(c, address + 2 * stride)
  }
}

struct Row4: Row {
  private var left: Row2
  private var right: Row2

  @inline(__always) static var vectors: Int { 4 }
  @inline(__always) init(zero: Void) {
    left = Row2(zero: ())
    right = Row2(zero: ())
  }
  @inline(__always) init<E: Element>(_ address: UnsafePointer<E>, _ stride: Int) {
    left = Row2(address, stride)
    right = Row2(address + 2 * stride, stride)
  }
  @inline(__always) mutating func add(_ scalar: Vector, _ row: Row4) {
    left.add(scalar, row.left)
    right.add(scalar, row.right)
  }
  @inline(__always) func write<E: Element>(_ address: UnsafeMutablePointer<E>, _ stride: Int) {
    left.write(address, stride)
    right.write(address + 2 * stride, stride)
  }
}

/// Rows one below the other.
protocol Tile {
  associatedtype Line: Row
  static var rows: Int { get }
  init(zero: Void)
  /// Loads a tile whose rows are `rowStride` and whose vectors are `vectorStride` floats apart.
  init<E: Element>(_ address: UnsafePointer<E>, _ rowStride: Int, _ vectorStride: Int)
  /// Adds `scalars[i · step] · row` to row i.
  mutating func add<E: Element>(_ scalars: UnsafePointer<E>, _ step: Int, _ row: Line)
  /// Adds `scalars[offsets[i]] · row` to row i.
  mutating func add<E: Element>(
    _ scalars: UnsafePointer<E>, _ offsets: UnsafePointer<Int>, _ row: Line)
  /// Adds `scalar · row` to every row.
  mutating func add(_ scalar: Vector, _ row: Line)
  /// Stores what the initialiser loads.
  func write<E: Element>(_ address: UnsafeMutablePointer<E>, _ rowStride: Int, _ vectorStride: Int)
}

struct Single<Line: Row>: Tile {
  private var line: Line

  @inline(__always) static var rows: Int { 1 }
  @inline(__always) init(zero: Void) { line = Line(zero: ()) }
  @inline(__always)
  init<E: Element>(_ address: UnsafePointer<E>, _ rowStride: Int, _ vectorStride: Int) {
    line = Line(address, vectorStride)
  }
  @inline(__always)
  mutating func add<E: Element>(_ scalars: UnsafePointer<E>, _ step: Int, _ row: Line) {
    line.add(E.broadcast(scalars), row)
  }
  @inline(__always)
  mutating func add<E: Element>(
    _ scalars: UnsafePointer<E>, _ offsets: UnsafePointer<Int>, _ row: Line
  ) {
    line.add(E.broadcast(scalars + offsets.pointee), row)
  }
  @inline(__always) mutating func add(_ scalar: Vector, _ row: Line) { line.add(scalar, row) }
  @inline(__always)
  func write<E: Element>(_ address: UnsafeMutablePointer<E>, _ rowStride: Int, _ vectorStride: Int)
  {
    line.write(address, vectorStride)
  }
}

struct Pair<Upper: Tile, Lower: Tile>: Tile where Upper.Line == Lower.Line {
  private var upper: Upper
  private var lower: Lower

  @inline(__always) static var rows: Int { Upper.rows + Lower.rows }
  @inline(__always) init(zero: Void) {
    upper = Upper(zero: ())
    lower = Lower(zero: ())
  }
  @inline(__always)
  init<E: Element>(_ address: UnsafePointer<E>, _ rowStride: Int, _ vectorStride: Int) {
    upper = Upper(address, rowStride, vectorStride)
    lower = Lower(address + Upper.rows * rowStride, rowStride, vectorStride)
  }
  @inline(__always)
  mutating func add<E: Element>(_ scalars: UnsafePointer<E>, _ step: Int, _ row: Upper.Line) {
    upper.add(scalars, step, row)
    lower.add(scalars + Upper.rows * step, step, row)
  }
  @inline(__always)
  mutating func add<E: Element>(
    _ scalars: UnsafePointer<E>, _ offsets: UnsafePointer<Int>, _ row: Upper.Line
  ) {
    upper.add(scalars, offsets, row)
    lower.add(scalars, offsets + Upper.rows, row)
  }
  @inline(__always) mutating func add(_ scalar: Vector, _ row: Upper.Line) {
    upper.add(scalar, row)
    lower.add(scalar, row)
  }
  @inline(__always)
  func write<E: Element>(_ address: UnsafeMutablePointer<E>, _ rowStride: Int, _ vectorStride: Int)
  {
    upper.write(address, rowStride, vectorStride)
    lower.write(address + Upper.rows * rowStride, rowStride, vectorStride)
  }
}

typealias Tile1<Line: Row> = Single<Line>
typealias Tile2<Line: Row> = Pair<Tile1<Line>, Tile1<Line>>
typealias Tile3<Line: Row> = Pair<Tile2<Line>, Tile1<Line>>
typealias Tile4<Line: Row> = Pair<Tile2<Line>, Tile2<Line>>
typealias Tile5<Line: Row> = Pair<Tile4<Line>, Tile1<Line>>
typealias Tile6<Line: Row> = Pair<Tile4<Line>, Tile2<Line>>
typealias Tile7<Line: Row> = Pair<Tile4<Line>, Tile3<Line>>
typealias Tile8<Line: Row> = Pair<Tile4<Line>, Tile4<Line>>
typealias Tile9<Line: Row> = Pair<Tile8<Line>, Tile1<Line>>
typealias Tile10<Line: Row> = Pair<Tile8<Line>, Tile2<Line>>
typealias Tile11<Line: Row> = Pair<Tile8<Line>, Tile3<Line>>
typealias Tile12<Line: Row> = Pair<Tile8<Line>, Tile4<Line>>
typealias Tile13<Line: Row> = Pair<Tile8<Line>, Tile5<Line>>
typealias Tile14<Line: Row> = Pair<Tile8<Line>, Tile6<Line>>
typealias Tile15<Line: Row> = Pair<Tile8<Line>, Tile7<Line>>
typealias Tile16<Line: Row> = Pair<Tile8<Line>, Tile8<Line>>
