"""The Kafka of a deployment: brokers launched from Maven's jars, or others'; topics, users, rights."""
