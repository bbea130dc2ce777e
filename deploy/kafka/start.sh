#!/bin/sh
# Formats the broker's folder once, with its one super user, and runs the broker. What it is told, `guildhall secrets`
# has written; it reads KAFKA_SECRETS, writes KAFKA_DATA alone, and finds Kafka's programs in KAFKA_HOME.
set -eu
umask 077

properties=$KAFKA_DATA/server.properties
{ cat "$KAFKA_SECRETS/server.properties"; printf 'log.dirs=%s\n' "$KAFKA_DATA/log"; } > "$properties"

quoted() { # as Java's files of arguments have it
    printf '%s\n' "$@" | sed 's/[\\"]/\\&/g; s/.*/"&"/'
}

if [ ! -f "$KAFKA_DATA/log/meta.properties" ]; then
    rm -rf "$KAFKA_DATA/log"
    # In a file that Java reads: everybody on the machine sees the arguments of a process.
    arguments=$KAFKA_DATA/format.arguments
    trap 'rm -f "$arguments"' EXIT
    quoted kafka.tools.StorageTool format --config "$properties" \
        --cluster-id "$(cat "$KAFKA_SECRETS/cluster-id")" \
        --add-scram "SCRAM-SHA-512=[name=operator,password=$(cat "$KAFKA_SECRETS/operator-password")]" > "$arguments"
    "$KAFKA_HOME/bin/kafka-run-class.sh" "@$arguments"
    rm "$arguments"
fi
exec "$KAFKA_HOME/bin/kafka-server-start.sh" "$properties"
