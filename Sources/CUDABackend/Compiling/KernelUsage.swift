/// What a compiled kernel takes of a multiprocessor, as the assembler reports it.
public struct KernelUsage: Hashable, Sendable, Codable {
  /// The kernel's name.
  public let kernel: String
  /// Registers of a thread.
  public let registers: Int
  /// Bytes that a thread writes to memory because there are too few registers.
  public let spillStores: Int
  /// Bytes that it reads back.
  public let spillLoads: Int
  /// Bytes of memory that a thread has for arrays, and for spills.
  public let stackBytes: Int
  /// Bytes of memory that a block shares.
  public let sharedBytes: Int

  /// Whether something is written to memory for want of registers.
  public var spills: Bool { spillStores > 0 || spillLoads > 0 }

  /// Reads the report that `--ptxas-options=-v` asks for.
  ///
  ///     ptxas info    : Compiling entry function 'name' for 'sm_90a'
  ///     ptxas info    : Function properties for name
  ///         0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
  ///     ptxas info    : Used 40 registers, used 1 barriers, 256 bytes smem
  ///
  /// - Parameter log: The compiler's log; lines of other kinds may stand between.
  /// - Returns: A row for each kernel, in the order of the log.
  static func rows(inLog log: String) -> [KernelUsage] {
    var rows: [KernelUsage] = []
    var kernel: String?
    var memory: [String: Int] = [:]
    for line in log.split(whereSeparator: \.isNewline) {
      if line.contains("Compiling entry function"),
        let name = line.split(separator: "'").dropFirst().first
      {
        kernel = String(name)
        memory = [:]
      } else if line.contains("spill stores") {
        // The properties of a function that is called would be another kernel's: all are inlined.
        memory = numbers(in: line)
      } else if let name = kernel, let used = line.firstRange(of: "Used ") {
        let taken = numbers(in: line[used.lowerBound...])
        rows.append(
          KernelUsage(
            kernel: name, registers: taken["registers"] ?? 0,
            spillStores: memory["spill stores"] ?? 0, spillLoads: memory["spill loads"] ?? 0,
            stackBytes: memory["stack frame"] ?? 0, sharedBytes: taken["smem"] ?? 0))
        kernel = nil
      }
    }
    return rows
  }

  /// The numbers of a list such as `0 bytes stack frame, 40 registers`, by what they count.
  private static func numbers(in line: Substring) -> [String: Int] {
    var numbers: [String: Int] = [:]
    for part in line.split(separator: ",") {
      var words = part.split(separator: " ").drop { Int($0) == nil }
      guard let number = words.popFirst().flatMap({ Int($0) }) else { continue }
      if words.first == "bytes" { words.removeFirst() }
      numbers[words.joined(separator: " ")] = number
    }
    return numbers
  }
}
