package dev.freshet.stream;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.log.tail.TailListener;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Owns the ring and its subscribers. Creates both at the tail's first position, then appends what the tail brings. */
final class LiveStreams implements TailListener {

    /**
     * The ring and its subscribers.
     *
     * @param searched the part of the ring for streams of searches
     */
    record Live(Ring ring, SearchedRing searched, Subscribers subscribers) {}

    private final CatchUp catchUp;
    private final StreamSettings settings;
    private final Function<Ring, StreamResources> resources;
    private final Disposable.Swap following = Disposables.swap();
    private final Sinks.One<Live> live = Sinks.one();
    private volatile @Nullable Live current;

    /** @param resources creates the objects that the subscribers of a ring share */
    LiveStreams(CatchUp catchUp, StreamSettings settings, Function<Ring, StreamResources> resources) {
        this.catchUp = catchUp;
        this.settings = settings;
        this.resources = resources;
    }

    /** Returns the ring and its subscribers as soon as the tail has begun. */
    Mono<Live> live() {
        return live.asMono();
    }

    /** Returns the ring and its subscribers; empty before the tail has begun. */
    Optional<Live> current() {
        return Optional.ofNullable(current);
    }

    /** After the page cache: a client that saw an event gets no page from before it. */
    @Override
    public int getOrder() {
        return DELIVERY;
    }

    @Override
    public void begin(Cursor position) {
        var ring = new Ring(settings.ringEvents(), settings.ringSize().toBytes(), position);
        var shared = resources.apply(ring);
        var subscribers = new Subscribers(shared);
        following.update(shared.searched().follow(subscribers::wakeGroups));
        shared.follows().listen(subscribers::followed);
        var begun = new Live(ring, shared.searched(), subscribers);
        current = begun;
        live.tryEmitValue(begun);
    }

    @Override
    public void entries(List<LogEntry> entries) {
        current().ifPresent(streams -> {
            streams.searched().hold(entries);
            streams.ring().append(entries);
            if (entries.stream().anyMatch(entry -> entry.type() == EventType.WITHDRAWN)) {
                catchUp.withdrawn();
            }
            streams.subscribers().news();
        });
    }

    /** Ends the reading of words; called when the application stops. */
    void close() {
        following.dispose();
    }

    /**
     * Empties the ring. In the same epoch, subscribers read what the ring lacks from the log. In another epoch, they
     * receive a reset.
     */
    @Override
    public void reset(Cursor position) {
        current()
                .ifPresentOrElse(
                        streams -> {
                            streams.ring().reset(position);
                            // Withdrawals may be among the entries that the ring did not see.
                            catchUp.withdrawn();
                            streams.subscribers().news();
                        },
                        () -> begin(position));
    }
}
