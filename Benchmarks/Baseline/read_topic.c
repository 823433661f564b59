/* What reading a topic costs at least: a bare librdkafka loop over all partitions of TOPIC, from the first record to the
 * end of now, with the fetch settings of the program's own consumers. Prints how many records and bytes there were.
 *
 * usage: read_topic BOOTSTRAP_SERVERS TOPIC
 */
#include <inttypes.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>

/* A batch waits until it is full or this has passed. */
enum { BATCH = 10000, WAIT_MS = 100, PATIENCE_MS = 30000 };

static const char *const SETTINGS[][2] = {
    {"isolation.level", "read_committed"},
    {"enable.partition.eof", "true"},
    {"fetch.wait.max.ms", "100"},
    {"fetch.message.max.bytes", "1048576"},
    {"fetch.max.bytes", "16777216"},
    {"queued.min.messages", "300000"},
    {"queued.max.messages.kbytes", "65536"},
};

static void fail(const char *what, const char *why) {
  fprintf(stderr, "read_topic: %s: %s\n", what, why);
  exit(1);
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
  char why[512];
  if (rd_kafka_conf_set(conf, name, value, why, sizeof why) != RD_KAFKA_CONF_OK) fail(name, why);
}

static rd_kafka_t *connect_to(const char *servers) {
  char why[512];
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", servers);
  for (size_t i = 0; i < sizeof SETTINGS / sizeof *SETTINGS; i++) set(conf, SETTINGS[i][0], SETTINGS[i][1]);
  rd_kafka_t *client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
  if (!client) fail("no client", why);
  return client;
}

static int partitions_of(rd_kafka_t *client, rd_kafka_topic_t *topic) {
  const struct rd_kafka_metadata *metadata;
  rd_kafka_resp_err_t error = rd_kafka_metadata(client, 0, topic, &metadata, PATIENCE_MS);
  if (error) fail("metadata", rd_kafka_err2str(error));
  int count = metadata->topic_cnt == 1 ? metadata->topics[0].partition_cnt : 0;
  rd_kafka_metadata_destroy(metadata);
  if (count == 0) fail(rd_kafka_topic_name(topic), "no such topic");
  return count;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: read_topic BOOTSTRAP_SERVERS TOPIC\n");
    return 2;
  }
  rd_kafka_t *client = connect_to(argv[1]);
  rd_kafka_topic_t *topic = rd_kafka_topic_new(client, argv[2], NULL);
  rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
  int partitions = partitions_of(client, topic);
  for (int i = 0; i < partitions; i++)
    if (rd_kafka_consume_start_queue(topic, i, RD_KAFKA_OFFSET_BEGINNING, queue))
      fail("start", rd_kafka_err2str(rd_kafka_last_error()));

  static rd_kafka_message_t *messages[BATCH];
  uint64_t records = 0, bytes = 0;
  for (int ended = 0, idle = 0; ended < partitions;) {
    ssize_t count = rd_kafka_consume_batch_queue(queue, WAIT_MS, messages, BATCH);
    if (count < 0) fail("read", rd_kafka_err2str(rd_kafka_last_error()));
    idle = count == 0 ? idle + WAIT_MS : 0;
    if (idle > PATIENCE_MS) fail("read", "nothing came in time");
    for (ssize_t i = 0; i < count; i++) {
      if (messages[i]->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        ended++;
      } else if (messages[i]->err) {
        fail("read", rd_kafka_message_errstr(messages[i]));
      } else {
        records++;
        bytes += messages[i]->len + messages[i]->key_len;
      }
      rd_kafka_message_destroy(messages[i]);
    }
  }
  printf("%" PRIu64 " %" PRIu64 "\n", records, bytes);

  for (int i = 0; i < partitions; i++) rd_kafka_consume_stop(topic, i);
  rd_kafka_queue_destroy(queue);
  rd_kafka_topic_destroy(topic);
  rd_kafka_destroy(client);
  return 0;
}
