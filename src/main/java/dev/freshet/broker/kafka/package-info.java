/** Connections to clusters of Kafka. Its classes, except for the settings, are loaded by the first connection. */
@NullMarked
package dev.freshet.broker.kafka;

import org.jspecify.annotations.NullMarked;
