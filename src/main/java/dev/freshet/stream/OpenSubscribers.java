package dev.freshet.stream;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open subscribers of an instance by id. Its entries are few bytes, since their number is high. Thread-safe. */
final class OpenSubscribers {

    private static final float LOAD_FACTOR = 0.75f;

    // Guarded by this, which is held for a copy of the references at most.
    private final LongObjectMap<Subscriber> byId =
            new LongObjectHashMap<>(LongObjectHashMap.DEFAULT_CAPACITY, LOAD_FACTOR);

    synchronized void add(Subscriber subscriber) {
        byId.put(subscriber.id(), subscriber);
    }

    synchronized void remove(Subscriber subscriber) {
        byId.remove(subscriber.id());
    }

    synchronized @Nullable Subscriber find(long id) {
        return byId.get(id);
    }

    /** Returns all in any order. */
    synchronized List<Subscriber> all() {
        return List.copyOf(byId.values());
    }

    /** Returns those whose ids are higher, lowest first. */
    List<Subscriber> after(long id) {
        return all().stream()
                .filter(subscriber -> subscriber.id() > id)
                .sorted(Comparator.comparingLong(Subscriber::id))
                .toList();
    }
}
