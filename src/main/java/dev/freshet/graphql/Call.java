package dev.freshet.graphql;

import dev.freshet.feed.Feed;
import dev.freshet.identity.account.Caller;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.problem.Problem;
import dev.freshet.read.page.PublicationPeriod;
import graphql.schema.DataFetchingEnvironment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** One execution of a document: its caller, and what its fields report about themselves. */
final class Call {

    /**
     * A page that a response was made of.
     *
     * @param readAt the position of the feed log at which it was read
     * @param period the publication times of articles that it depends on
     */
    record Read(Feed feed, Cursor readAt, PublicationPeriod period) {}

    private final Documents.Prepared document;
    private final @Nullable Caller caller;
    private final Origin origin;
    private final @Nullable String lastEventId;
    private final @Nullable Map<String, @Nullable Object> event;
    private final List<Read> reads = new CopyOnWriteArrayList<>();
    private volatile boolean personal;
    private volatile SubscriptionFields.@Nullable Opening opening;

    private Call(
            Documents.Prepared document,
            @Nullable Caller caller,
            Origin origin,
            @Nullable String lastEventId,
            @Nullable Map<String, @Nullable Object> event) {
        this.document = document;
        this.caller = caller;
        this.origin = origin;
        this.lastEventId = lastEventId;
        this.event = event;
    }

    /**
     * Creates the call of a request.
     *
     * @param caller null for an anonymous client
     * @param lastEventId the value of Last-Event-ID
     */
    static Call of(Documents.Prepared document, @Nullable Caller caller, Origin origin, @Nullable String lastEventId) {
        return new Call(document, caller, origin, lastEventId, null);
    }

    /** Creates the call that selects from one event. */
    static Call of(Documents.Prepared document, Map<String, @Nullable Object> event) {
        return new Call(document, null, Origin.UNKNOWN, null, event);
    }

    static Call of(DataFetchingEnvironment environment) {
        return Objects.requireNonNull(environment.getGraphQlContext().get(Call.class));
    }

    Documents.Prepared document() {
        return document;
    }

    @Nullable
    Caller caller() {
        return caller;
    }

    Caller requireCaller() {
        if (caller == null) {
            throw Problem.UNAUTHORIZED.because("This field requires a token.");
        }
        return caller;
    }

    Origin origin() {
        return origin;
    }

    @Nullable
    String lastEventId() {
        return lastEventId;
    }

    @Nullable
    Map<String, @Nullable Object> event() {
        return event;
    }

    /** Reports a page that the response depends on. */
    void read(Feed feed, Cursor readAt, PublicationPeriod period) {
        reads.add(new Read(feed, readAt, period));
    }

    List<Read> reads() {
        return List.copyOf(reads);
    }

    /** Reports that the response is for this caller alone. */
    void setPersonal() {
        personal = true;
    }

    boolean isPersonal() {
        return personal;
    }

    /** Reports the stream that the document opens. */
    void open(SubscriptionFields.Opening opened) {
        opening = opened;
    }

    SubscriptionFields.@Nullable Opening opening() {
        return opening;
    }
}
