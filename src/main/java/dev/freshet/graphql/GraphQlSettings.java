package dev.freshet.graphql;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of GraphQL.
 *
 * @param introspection whether clients may read the schema by a query
 * @param graphiql whether the page {@code /graphiql} is served, an editor for documents
 * @param memory bytes of cached responses
 * @param limits limits of a document
 * @param documents documents that requests name by their SHA-256
 * @param socket WebSockets
 */
@ConfigurationProperties("freshet.graphql")
record GraphQlSettings(
        @DefaultValue("true") boolean introspection,
        @DefaultValue("false") boolean graphiql,
        @NotNull @DefaultValue("16MB") DataSize memory,
        @NotNull @Valid @DefaultValue Limits limits,
        @NotNull @Valid @DefaultValue Documents documents,
        @NotNull @Valid @DefaultValue Socket socket) {

    /**
     * Settings of WebSockets.
     *
     * @param initTimeout maximum time between the handshake and the first message
     * @param ping interval of the server's pings. A client that is silent for three intervals is disconnected
     * @param operations maximum operations of a socket at a time
     * @param messageSize maximum size of a message
     * @param maxPerAddress maximum sockets of an address
     */
    record Socket(
            @DurationMin(millis = 10) @DefaultValue("3s") Duration initTimeout,
            @DurationMin(millis = 10) @DefaultValue("15s") Duration ping,
            @Min(1) @Max(10_000) @DefaultValue("100") int operations,
            @NotNull @DefaultValue("2MB") DataSize messageSize,
            @Min(0) @DefaultValue("1000") int maxPerAddress) {

        int maxMessageBytes() {
            return Math.toIntExact(messageSize.toBytes());
        }
    }

    /**
     * Documents that requests name by their SHA-256.
     *
     * @param trusted a JSON file with an object whose values are documents; null for none
     * @param onlyTrusted whether all other documents are refused
     */
    record Documents(
            @Nullable Path trusted, @DefaultValue("false") boolean onlyTrusted) {}

    /**
     * Limits of a document. Fragments count as often as they are used.
     *
     * @param size maximum characters of a document, and of the variables of a query or a subscription
     * @param depth maximum nesting depth of fields
     * @param aliases maximum aliases
     * @param fields maximum fields
     * @param complexity maximum values in the response, with lists at the size that the document requests
     * @param response maximum size of a response
     * @param event maximum size of the result for an event, which is encoded on an event loop
     */
    record Limits(
            @Min(100) @Max(1_000_000) @DefaultValue("20000") int size,
            @Min(5) @Max(1000) @DefaultValue("20") int depth,
            @Min(1) @Max(10_000) @DefaultValue("100") int aliases,
            @Min(10) @Max(100_000) @DefaultValue("1000") int fields,

            @Min(100) @Max(10_000_000) @DefaultValue("20000")
            int complexity,

            @NotNull @DefaultValue("16MB") DataSize response,

            @NotNull @DefaultValue("4MB") DataSize event) {}
}
