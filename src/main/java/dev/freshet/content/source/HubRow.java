package dev.freshet.content.source;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * The subscription of a source at a hub.
 *
 * @param hub the address of the hub; null without one
 * @param topic the address of the feed as the hub knows it
 * @param hubSecret the key of its signatures
 */
@Table("polled_source")
record HubRow(
        @Id UUID id,
        String state,
        @Nullable String hub,
        @Nullable String topic,
        @Nullable String hubSecret) {

    /** Returns whether it wants content of a topic. */
    boolean wants(String requested) {
        return state.equals(SourceState.ACTIVE.wireName()) && requested.equals(topic);
    }
}
