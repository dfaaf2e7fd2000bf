/** Connections to brokers of RabbitMQ. The classes of its client are loaded by the first connection. */
@NullMarked
package dev.freshet.broker.rabbitmq;

import org.jspecify.annotations.NullMarked;
