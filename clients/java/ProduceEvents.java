import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes events: java -cp "$KAFKA_HOME/libs/*" ProduceEvents.java BROKERS [TOPIC_PREFIX] < lines
 *
 * <p>Each line is the topic, a tab, the key (the id of the customer, person or partner), a tab, and the event as JSON.
 */
public final class ProduceEvents {
  private ProduceEvents() {}

  public static void main(String[] arguments) throws Exception {
    String prefix = arguments.length > 1 ? arguments[1] : "";
    Properties properties = new Properties();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    // The default partitioner is the right one. With more requests in flight, the first one to a partition that the broker does
    // not lead yet may be overtaken and lost (KAFKA-15591).
    properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    List<Future<RecordMetadata>> written = new ArrayList<>();
    try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        KafkaProducer<String, String> producer = new KafkaProducer<>(properties)) {
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        String[] parts = line.split("\t", 3);
        written.add(producer.send(new ProducerRecord<>(prefix + parts[0], parts[1], parts[2])));
      }
    }
    for (Future<RecordMetadata> each : written) {
      each.get();
    }
    System.out.println(written.size() + " events written");
  }
}
