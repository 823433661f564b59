import EventImport
import EventLog
import Generator

extension EventWriter {
  func append(_ event: GeneratedEvent) throws(LogError) {
    try append(event.topic, key: event.key, value: event.value, timestamp: event.timestamp)
  }
}
