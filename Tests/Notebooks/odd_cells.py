"""A hundred odd cells, and what each of them shows.

A case is a name, cells, and what the last of them shows: `result` its value, `out` what it prints, `err` a
part of the standard error stream, `error` and `text` an error's name and a part of its message. A cell that
is named by `@ID` before its first line is a new version of the earlier one of that name.
"""

from collections import namedtuple

Case = namedtuple("Case", "name cells result out err error text")
CASES = []


def case(name, *cells, result=None, out=None, err=None, error="", text=None):
    CASES.append(Case(name, cells, result, out, err, error, text))


# -- Values and printing
case("a number", "6 * 7", result="42")
case("text", '"a" + "b"', result='"ab"')
case("a tuple", "(1, true)", result="(1, true)")
case("nil", "Optional<Int>.none", result="nil")
case("nothing", "()", out="")
case("print", 'print("one", 2, terminator: "!\\n")', out="one 2!\n")
case("both", "print(1)\n2", out="1\n", result="2")
case("empty", "", out="")
case("spaces", "  \n\n \t", out="")
case("comments only", "// a\n/* b\n c */", out="")
case("a quiet value", "let quiet = 3\nquiet;", out="")
case("an earlier value", "11", "_{last} + 1", result="12")
case("unicode", 'let 名前 = "héllo 👩‍👩‍👧"\n名前', "名前.count", result="7")
case("a long array", "Array(0..<1000).map { $0 % 2 }", result="[" + "0, 1, " * 50 + "… 1000 elements]")
case("huge output", 'for _ in 0..<400_000 { print("12345678") }\nprint("end")',
     err="(the cell printed more: 2600004 bytes are left out)")
case("bytes that are no text", "import Glibc\nlet raw: [UInt8] = [0xFF, 10]\n_ = write(1, raw, 2)", out="\ufffd\n")
case("standard error", 'import Glibc\n_ = fputs("oops\\n", stderr)', err="oops\n")
case("no input", "readLine() == nil", result="true")
case("a multi-line string", 'let verse = """\n  a\n    b\n  """\nverse', result='"a\\n  b"')
case("raw and interpolated", r'let n = 3' + '\n' + r'#"\n = \#(n)"#', result=r'"\\n = 3"')

# -- Declarations that later cells use
case("a variable changes", "var counter = 1", "counter += 4", "counter", result="5")
case("a pattern", "let (left, right) = (1, 2)", "left + right", result="3")
case("lazy is for members", "lazy var costly = 1", error="CompileError", text="cannot be used on an already-lazy global")
case("lazy", "struct Lazy { lazy var costly = { print(\"made\"); return 5 }() }", "var owner = Lazy()\nowner.costly + owner.costly", out="made\n", result="10")
case("an observer", 'var watched = 1 { didSet { print(oldValue, watched) } }\nwatched = 2', out="1 2\n")
case("a computed variable", "var tick: Int { 3 }", "tick + tick", result="6")
case("a function", "func twice(_ x: Int) -> Int { 2 * x }", "twice(4)", result="8")
case("generics", "func first<T>(_ list: [T]) -> T? { list.first }", 'first(["x"])', result='Optional("x")')
case("constraints", "func largest<T: Comparable>(_ a: T, _ b: T) -> T where T: Hashable { a > b ? a : b }",
     "largest(3, 9)", result="9")
case("variadic generics", "func count<each T>(_ x: repeat each T) -> Int { var n = 0; repeat (_ = each x, n += 1); return n }",
     "count(1, true, \"x\")", result="3")
case("inout", "func grow(_ x: inout Int) { x += 1 }\nvar size = 1", "grow(&size)\nsize", result="2")
case("default arguments", "func greet(_ name: String = \"you\") -> String { \"hi \\(name)\" }", "greet()", result='"hi you"')
case("recursion", "func fib(_ n: Int) -> Int { n < 2 ? n : fib(n - 1) + fib(n - 2) }", "fib(15)", result="610")
case("a struct", "struct Point { var x = 0.0; var y = 1.0 }", "Point()", result="Point(x: 0.0, y: 1.0)")
case("a class", "class Box { var n = 1; func up() { n += 1 } }\nlet box = Box()", "box.up()\nbox.n", result="2")
case("a subclass", "class Base { func f() -> Int { 1 } }", "class Derived: Base { override func f() -> Int { super.f() + 1 } }",
     "Derived().f()", result="2")
case("an enum", "enum Shape: Equatable { case dot, circle(r: Double) }", "Shape.circle(r: 1) == .dot", result="false")
case("an indirect enum", "indirect enum Tree { case leaf(Int), node(Tree, Tree) }",
     "func sum(_ t: Tree) -> Int { switch t { case .leaf(let n): n\ncase .node(let l, let r): sum(l) + sum(r) } }",
     "sum(.node(.leaf(2), .leaf(3)))", result="5")
case("a protocol", "protocol Named { var name: String { get } }\nextension Named { var loud: String { name + \"!\" } }",
     "struct Cat: Named { let name = \"Tom\" }", "Cat().loud", result='"Tom!"')
case("a conformance later", "protocol Area { func area() -> Double }\nstruct Square { var a = 2.0 }",
     "extension Square: Area { func area() -> Double { a * a } }", "Square().area()", result="4.0")
case("an existential", "protocol Speaks { func say() -> String }\nstruct Dog: Speaks { func say() -> String { \"wuff\" } }",
     "let all: [any Speaks] = [Dog()]\nall.map { $0.say() }", result='["wuff"]')
case("an opaque type", "func evens() -> some Sequence<Int> { stride(from: 0, to: 6, by: 2) }", "Array(evens())", result="[0, 2, 4]")
case("an extension", "extension Int { var squared: Int { self * self } }", "5.squared", result="25")
case("an extension of an array", "extension [Double] { var mean: Double { reduce(0, +) / Double(count) } }", "[1.0, 2.0].mean", result="1.5")
case("a type alias", "typealias Pair<T> = (T, T)", "let pair: Pair<Int> = (1, 2)\npair.1", result="2")
case("an associated type", "protocol Stack { associatedtype E; var items: [E] { get } }\nstruct S: Stack { var items = [1] }",
     "func top<T: Stack>(_ s: T) -> T.E? { s.items.last }\ntop(S())", result="Optional(1)")
case("an operator", "infix operator **: MultiplicationPrecedence\nfunc ** (a: Int, b: Int) -> Int { (0..<b).reduce(1) { n, _ in n * a } }",
     "2 ** 5", result="32")
case("an operator of a type", "struct V: Equatable { var x = 1\nstatic func + (a: V, b: V) -> V { V(x: a.x + b.x) } }", "(V() + V()).x", result="2")
case("a property wrapper", "@propertyWrapper struct Clamped { var n = 0\nvar wrappedValue: Int { get { n } set { n = min(9, newValue) } } }",
     "struct Dial { @Clamped var level: Int }\nvar dial = Dial()\ndial.level = 40\ndial.level", result="9")
case("a result builder", "@resultBuilder enum Sum { static func buildBlock(_ x: Int...) -> Int { x.reduce(0, +) } }",
     "func total(@Sum _ f: () -> Int) -> Int { f() }", "total { 1\n2\n3 }", result="6")
case("a subscript", "struct Grid { subscript(i: Int, j: Int) -> Int { i * 10 + j } }", "Grid()[4, 2]", result="42")
case("a key path", "struct K { var deep = (a: 1, b: [7]) }", "K()[keyPath: \\.deep.b[0]]", result="7")
case("dynamic members", "@dynamicMemberLookup struct D { subscript(dynamicMember m: String) -> String { m } }", "D().hello", result='"hello"')
case("a closure captures", "var total = 0\nlet add = { (n: Int) in total += n }", "add(3)\nadd(4)\ntotal", result="7")
case("an escaping closure", "var stored: [() -> Int] = []\nfor i in 0..<3 { stored.append { i * i } }", "stored.map { $0() }", result="[0, 1, 4]")
case("a nested function", "func outer() -> Int { func inner() -> Int { 4 }\nreturn inner() }\nouter()", result="4")
case("private", "private let hidden = 1\nlet seen = hidden", "seen", result="1")
case("private stays there", "hidden", error="CompileError", text="cannot find 'hidden' in scope")
case("noncopyable", "struct File: ~Copyable { let n = 3\ndeinit { print(\"closed\") } }\ndo { let f = File(); print(f.n) }", out="3\nclosed\n")
case("a noncopyable value at the end", "struct Token: ~Copyable { let n = 3 }\nfunc token() -> Token { Token() }", "token().n", result="3")
case("a regex literal", "let found = \"ab12\".firstMatch(of: /([a-z]+)(\\d+)/)\nfound.map { String($0.2) }", result='Optional("12")')
case("#if", "#if os(Linux)\nlet system = \"linux\"\n#else\nlet system = \"other\"\n#endif", "system", result='"linux"')
case("#available", "if #available(macOS 99, *) { print(\"yes\") }", out="yes\n")
case("a macro", "#function.isEmpty", result="false")
case("an observable macro", "import Observation\n@Observable class Model { var n = 1 }\nlet model = Model()\nmodel.n += 1", "model.n", result="2")
case("codable", "import Foundation\nstruct R: Codable { var n = 1 }\nString(decoding: try JSONEncoder().encode(R()), as: UTF8.self)",
     result='"{\\"n\\":1}"')
case("Foundation", "String(format: \"%.2f\", 2.0 / 3)", result='"0.67"')
case("mirror", "Mirror(reflecting: (a: 1, b: 2)).children.count", result="2")

# -- Statements
case("if", "if 1 < 2 { print(\"yes\") } else { print(\"no\") }", out="yes\n")
case("an if expression", "let word = if 1 < 2 { \"yes\" } else { \"no\" }\nword", result='"yes"')
case("for", "for i in 1...3 where i != 2 { print(i) }", out="1\n3\n")
case("while and labels", "var k = 0\nouter: while true { while true { k += 1; if k > 4 { break outer } } }\nk", result="5")
case("switch", "switch 7 { case 0..<5: print(\"low\")\ncase let n: print(n) }", out="7\n")
case("guard at the top level", "guard let five = Int(\"5\") else { throw CellInterrupted() }\nfive", result="5")
case("defer", "do { defer { print(\"last\") }\nprint(\"first\") }", out="first\nlast\n")
case("an assignment at the end", "var slot = 1\nslot = 2", out="")
case("a last line of many", "[3, 1, 2]\n  .sorted()\n  .map { $0 * 2 }", result="[2, 4, 6]")
case("semicolons", "let one = 1; let two = 2; one + two", result="3")

# -- Redefinition and shadowing
case("a new value for a name", "let level = 1", "let level = \"two\"", "level", result='"two"')
case("earlier users keep the earlier", "func base() -> Int { 1 }", "func user() -> Int { base() }", "func base() -> Int { 2 }", "user()", result="1")
case("the same cell again", "@A\nextension Int { var tag: String { \"old\" } }", "@A\nextension Int { var tag: String { \"new\" } }", "1.tag", result='"new"')
case("a type again", "@B\nstruct Thing { var v = 1 }", "@B\nstruct Thing { var w = 2 }", "Thing()", result="Thing(w: 2)")
case("from its old self", "let size2 = 4", "let size2 = size2 + 1", error="CompileError", text="hint: a cell cannot compute a new 'size2'")
case("shadowing a library", "struct Array2 {}\nfunc print2(_ x: Int) { print(x) }", "print2(3)", out="3\n")
case("a conformance twice", "struct Twice {}\nextension Twice: CustomStringConvertible { var description: String { \"t\" } }",
     "Twice()", result="t")

# -- Errors of the compiler
case("an unknown name", "let fine = 1\nlet bad = nowhere", error="CompileError", text="Cell[{n}]:2:11: error: cannot find 'nowhere' in scope")
case("columns of a last expression", "   nowhere + 1", error="CompileError", text="Cell[{n}]:1:4: error: cannot find 'nowhere'")
case("columns after others", "let é = 1; nowhere", error="CompileError", text="Cell[{n}]:1:13: error: cannot find 'nowhere'")
case("types", "let number: Int = \"text\"", error="CompileError", text="cannot convert value of type 'String' to specified type 'Int'")
case("a module that was not imported", "let sampler: Sampler? = nil", error="CompileError", text="hint: 'Sampler' is in Datasets: import Datasets")
case("syntax", "func (", error="CompileError", text="Cell[{n}]:1:")
case("not closed", "func f() {", error="CompileError", text="expected '}'")
case("no such module", "import Nonsense", error="CompileError", text="no such module 'Nonsense'")
case("names of an uncompiled cell", "fine", error="CompileError", text="cannot find 'fine' in scope")
case("a warning", "func unusedVariable() { let a = 1 }", err="warning: initialization of immutable value 'a' was never used")
case("await at the top level", "func later() async -> Int { 3 }", "await later()", error="CompileError", text="write 'try wait { await … }' instead")

# -- Errors of a running cell
case("throwing", "struct Lost: Error { var at = 3 }\nthrow Lost()", error="Lost", text="Lost(at: 3)")
case("throwing in a function", "enum E: Error { case bad(Int) }\nfunc risky(_ n: Int) throws -> Int { if n > 2 { throw E.bad(n) }; return n }",
     "try risky(5)", error="E", text="bad(5)")
case("and not throwing", "try risky(2)", result="2")
case("typed throws", "func strict() throws(E) -> Int { throw .bad(1) }", "do { _ = try strict() } catch { print(error) }", out="bad(1)\n")
case("names of a cell that failed", "let before = 1\nthrow E.bad(9)", error="E", text="not kept, as the cell did not finish: before")
case("an index", "let short = [1]\nshort[3]", error="Crashed", text="at Cell[{n}]:2")
case("overflow", "func bump(_ n: Int8) -> Int8 { n + 1 }\nbump(127)", error="Crashed", text="variables are back")
case("unwrapping nil", "let none: Int? = nil\nnone!", error="Crashed", text="at Cell[{n}]:2")
case("a trap in an earlier cell's function", "func trap(_ n: Int) -> Int { precondition(n < 0, \"below\"); return n }", "trap(1)",
     error="Crashed", text="at Cell[{n}]:1", err="below")
case("fatalError", "fatalError(\"enough\")", error="Crashed", err="enough")
case("exit", "import Glibc\nexit(7)", error="Crashed", text="exit(7)")
case("abort", "abort()", error="Crashed", text="SIGABRT")
case("a stack overflow", "func deep(_ n: Int) -> Int { n == -1 ? 0 : deep(n + 1) + 1 }\ndeep(0)", error="Crashed", text="SIGSEGV")
case("a crash after a change", "var kept = [1]", "kept.append(2)\nkept[9]", "kept", result="[1]")

# -- Asynchronous code
case("wait", "func answer() async -> Int { 42 }", "wait { await answer() }", result="42")
case("wait throws", "func fails() async throws -> Int { throw E.bad(4) }", "try wait { try await fails() }", error="E", text="bad(4)")
case("an actor", "actor Counter { var n = 0; func up() -> Int { n += 1; return n } }\nlet shared = Counter()",
     "wait { await shared.up() }", "wait { await shared.up() }", result="2")
case("a task group", "wait { await withTaskGroup(of: Int.self) { g in for i in 0..<4 { g.addTask { i } }\nvar s = 0; for await x in g { s += x }; return s } }", result="6")
case("sleeping", "try wait { try await Task.sleep(for: .milliseconds(5)); return \"awake\" }", result='"awake"')

# -- Displays
case("HTML", "display(html: \"<b>x</b>\")", out="")
case("text and pictures in order", "print(1)\ndisplay(markdown: \"*m*\")\nprint(2)", out="1\n2\n")
case("clearing", "print(\"gone\")\nclearOutput()", out="gone\n")
case("a command", "%opt on", out="cells are compiled with -O\n")
case("an optimised cell", "(0..<10).reduce(0, +)", result="45")
case("back again", "%opt off\n1", out="cells are compiled without optimisation\n", result="1")
case("an unknown command", "%fly", error="CommandError", text="no command '%fly'")
