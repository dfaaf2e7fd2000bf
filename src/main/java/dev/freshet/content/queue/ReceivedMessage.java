package dev.freshet.content.queue;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** A message whose article was imported. */
@Table("received_message")
record ReceivedMessage(String queue, @Id String id) {}
