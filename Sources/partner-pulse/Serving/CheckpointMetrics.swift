import Dashboard
import Foundation

/// The checkpoints as they lie in the state directory.
struct CheckpointMetrics {
  private var files: [(task: String, bytes: Int, writtenAt: Double)] = []

  init(directory: String) {
    let manager = FileManager.default
    let suffix = ".checkpoint"
    for name in (try? manager.contentsOfDirectory(atPath: directory))?.sorted() ?? [] {
      // One that is replaced meanwhile is there the next time.
      guard name.hasSuffix(suffix),
        let attributes = try? manager.attributesOfItem(atPath: "\(directory)/\(name)"),
        let bytes = attributes[.size] as? Int, let date = attributes[.modificationDate] as? Date
      else { continue }
      files.append((String(name.dropLast(suffix.count)), bytes, date.timeIntervalSince1970))
    }
  }

  func write(to text: inout MetricsText) {
    let bytes = "partner_pulse_checkpoint_bytes"
    text.begin(bytes, .gauge, "Size of a task's last checkpoint, which holds its state.")
    for file in files { text.sample(bytes, [("task", file.task)], Double(file.bytes)) }
    let written = "partner_pulse_checkpoint_timestamp_seconds"
    text.begin(written, .gauge, "When a task's last checkpoint was written.")
    for file in files { text.sample(written, [("task", file.task)], file.writtenAt) }
  }
}
