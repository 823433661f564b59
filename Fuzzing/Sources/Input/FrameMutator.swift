import Contract
import Randomness

/// Changes frames so that they stay frames, and protobuf in them so that it mostly stays protobuf.
struct FrameMutator {
  /// Texts that mean something to the target: ids, countries, currencies, times.
  var words: [String] = []

  func mutate(_ input: [UInt8], _ room: Int, _ random: inout SplitMix64) -> [UInt8]? {
    var frames = Frame.read(input)
    // Plain bytes now and then, for what no writer writes.
    guard !frames.isEmpty, random.below(8) > 0 else { return nil }
    for _ in 0...random.below(3) { change(&frames, &random) }
    let written = Frame.write(frames)
    return written.count <= room ? written : nil
  }

  private func change(_ frames: inout [Frame], _ random: inout SplitMix64) {
    guard !frames.isEmpty else { return }
    let index = random.below(frames.count)
    switch random.below(10) {
    case 0 where frames.count > 1: frames.remove(at: index)
    case 1 where frames.count < Frame.most:
      frames.insert(frames[index], at: random.below(frames.count + 1))
    case 2: frames.swapAt(index, random.below(frames.count))
    case 3: frames[index].endsCommit.toggle()
    case 4: frames[index].timestamp = random.pick([nil, 0, .min, .max, 1_767_225_600_000])
    case 5: changeKey(&frames, index, &random)
    default: changeValue(&frames, index, &random)
    }
  }

  private func changeKey(_ frames: inout [Frame], _ index: Int, _ random: inout SplitMix64) {
    switch random.below(4) {
    case 0: frames[index].key = frames[random.below(frames.count)].key
    case 1: frames[index].value = frames[index].value == nil ? [] : nil
    default: frames[index].key = mutated(frames[index].key, growth: 8)
    }
  }

  private func changeValue(_ frames: inout [Frame], _ index: Int, _ random: inout SplitMix64) {
    let others = frames.filter { $0.topic == frames[index].topic }.compactMap(\.value)
    guard let value = frames[index].value else { return }
    let mutator = ProtobufMutator(words: words, donors: others)
    frames[index].value = mutator.mutate(value, &random) ?? mutated(value, growth: 16)
  }
}
