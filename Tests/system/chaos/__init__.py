"""Real chaos: members and brokers of a real Kafka cluster that are killed, stopped and moved under load."""
