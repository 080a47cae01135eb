import CUDABackend
import Tensors
import Testing

/// That the emulated machine does what is beside as late and as early as it may, so that a missing wait
/// is seen.
@Suite struct WorkLinesTests {
  /// Writes 1, marks, writes 2 and copies the value beside, behind the mark; gives the copy.
  private func copy(_ precedence: WorkLines.Precedence, joins: Bool) -> Float {
    let machine = EmulatedMachine(
      .forward, team: EmulatedTeam.Member(team: EmulatedTeam(1), rank: 0), precedence: precedence)
    let address = machine.allocate(byteCount: 512)
    machine.write([Float(1)].span.bytes, to: address)
    machine.mark(0)
    machine.write([Float(2)].span.bytes, to: address)
    machine.runBeside([.copy(from: address, to: address + 256, byteCount: 4)], after: 0)
    if joins { machine.join() }
    var values: [Float] = [.nan]
    var span = values.mutableSpan
    var bytes = span.mutableBytes
    machine.read(address + 256, into: &bytes)
    return values[0]
  }

  @Test func theSecondLineIsAsEarlyAndAsLateAsItMayBe() {
    #expect(copy(.beside, joins: false) == 1)
    #expect(copy(.beside, joins: true) == 1)
    #expect(copy(.main, joins: true) == 2)
    // Nobody waits for it.
    #expect(copy(.main, joins: false) == 0)
  }
}
