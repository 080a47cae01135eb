import Foundation
import Testing

@testable import Datasets

/// Small JPEG files, made with Pillow 13 at quality 75.
enum SampleJPEG {
  /// Whether images can be decoded here; what cannot be is skipped.
  static let isLibraryThere = TurboJPEG() != nil
  static let skipped: Comment = "libjpeg-turbo (libturbojpeg0) is not installed"

  /// 16×16, quarters of red, green, blue and white.
  static let quarters = decode(
    """
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKD
    cpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIy
    MjIyMjIyMjIyMjIyMjIyMjL/wAARCAAQABADAREAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAABwYI/8QAFBABAAAAAA
    AAAAAAAAAAAAAAAP/EABcBAAMBAAAAAAAAAAAAAAAAAAYHCAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEA
    PwCLDJ4koNIvAyvDMbiI5pv/2Q==
    """)
  /// 16×16 grey, four columns of 8 by 63, 191, 63, 191 left to right in each half.
  static let grey = decode(
    """
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKD
    cpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAAQABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAACAf/xAAWEAADAAAAAAAAAAAA
    AAAAAAAABkP/2gAIAQEAAD8Am6dMQCdMP6dMQCdM/9k=
    """)
  /// 16×16 in four inks as Adobe's programs store them, quarters of cyan, magenta, yellow, half black.
  static let inks = decode(
    """
    /9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAIBgYHBgUIBwcHCQkICgwUDQwLCwwZEhMPFB0aHx4dGhwcICQuJyAiLCMcHCg3KS
    wwMTQ0NB8nOT04MjwuMzQy/8AAFAgAEAAQBEMRAE0RAFkRAEsRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAgAB//EABQQAQAA
    AAAAAAAAAAAAAAAAAAD/2gAOBEMATQBZAEsAAD8AP7f2/t/P8AEkf4AJI/x/f//Z
    """)
  /// 64×48 with its colours at half the resolution: red rises to the right, green downwards.
  static let wide = decode(
    """
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKD
    cpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIy
    MjIyMjIyMjIyMjIyMjIyMjL/wAARCAAwAEADASIAAhEBAxEB/8QAFwABAQEBAAAAAAAAAAAAAAAABAMGB//EABcQAAMBAA
    AAAAAAAAAAAAAAAAACBGH/xAAWAQEBAQAAAAAAAAAAAAAAAAAFBwb/xAAWEQEBAQAAAAAAAAAAAAAAAAAEAAP/2gAMAwEA
    AhEDEQA/AOUpPghJ8HJPhdJ8KpuuOMiCk+CEnwck+CEnwI3XPmRBSfBCT4OSfC6T4D7rnzIgpPghJ8HJPghJ8B91zxkWeS
    fBCT4OSfBCT4aLddCDIgpPhdJ8HJPghJ8B91zxkQUnwQk+DknwQk+A+658yIKT4XSfByT4ISfAfdc+ZFn0nwuk+DknwQk+
    Gi3XQcyIKT4ISfByT4XSfAfdc+ZEJJ8LpPg5J8EJPgPuufMiCk+CEnwck+F0nwH3XPGRf//Z
    """)

  private static func decode(_ text: String) -> [UInt8] {
    [UInt8](Data(base64Encoded: text, options: .ignoreUnknownCharacters) ?? Data())
  }

  /// An image with an EXIF segment that names an orientation.
  static func oriented(
    _ bytes: [UInt8], _ orientation: UInt8, isLittleEndian: Bool = false
  ) -> [UInt8] {
    func number(_ value: UInt16) -> [UInt8] {
      let bytes = [UInt8(value >> 8), UInt8(value & 0xFF)]
      return isLittleEndian ? bytes.reversed() : bytes
    }
    func long(_ value: UInt16) -> [UInt8] {
      isLittleEndian ? number(value) + [0, 0] : [0, 0] + number(value)
    }
    let entries =
      number(271) + number(2) + long(2) + [0x41, 0, 0, 0]
      + number(274) + number(3) + long(1) + number(UInt16(orientation)) + [0, 0]
    let tiff =
      Array((isLittleEndian ? "II" : "MM").utf8) + number(42) + long(8) + number(2) + entries
      + long(0)
    let segment = Array("Exif\0\0".utf8) + tiff
    let length = segment.count + 2
    return bytes.prefix(2) + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + segment
      + bytes.dropFirst(2)
  }
}
