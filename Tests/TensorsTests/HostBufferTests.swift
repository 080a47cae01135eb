import Tensors
import Testing

@Suite struct HostBufferTests {
  @Test func startsAtZeroAndKeepsValues() {
    var buffer = HostBuffer(count: 5)
    #expect(buffer.count == 5)
    buffer.withSpan { span in
      for index in span.indices {
        #expect(span[index] == 0)
      }
    }
    buffer.withMutableSpan { span in
      for index in span.indices {
        span[index] = Float(index)
      }
    }
    #expect(buffer.withSpan { span in span.indices.map { span[$0] } } == [0, 1, 2, 3, 4])
  }

  @Test(arguments: [0, 1, 1000]) func isAligned(count: Int) {
    let buffer = HostBuffer(count: count)
    #expect(buffer.count == count)
    #expect(UInt(bitPattern: buffer.pointer) % UInt(HostBuffer.alignment) == 0)
  }
}
