package dev.freshet.content.source;

import dev.freshet.content.format.Opml;
import dev.freshet.identity.account.Caller;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The caller's sources as lists of feeds in OPML. Results fail with the problem to report to the client. */
@Component
final class SourceLists {

    private static final int MAX_REJECTIONS = 100;

    private final Sources sources;
    private final SourceCodec codec;
    private final Scheduler readers;

    SourceLists(Sources sources, SourceCodec codec, @Qualifier("importReaders") Scheduler readers) {
        this.sources = sources;
        this.codec = codec;
        this.readers = readers;
    }

    /**
     * The result of an import.
     *
     * @param created count of new sources
     * @param existing count of feeds that are sources of the account already
     * @param rejected count of feeds that did not become sources
     * @param rejections the first of them, with the reason
     */
    record Summary(int created, int existing, int rejected, List<Rejection> rejections) {

        /** A feed that did not become a source. */
        record Rejection(String url, String reason) {}
    }

    private sealed interface Result {

        record Created() implements Result {}

        record Existing() implements Result {}

        record Rejected(Summary.Rejection rejection) implements Result {}
    }

    /** Adds the feeds of a list. Their folders and categories become tags. */
    Mono<Summary> add(Caller caller, byte[] opml) {
        return Mono.fromCallable(() -> Opml.read(opml))
                .subscribeOn(readers)
                .flatMapIterable(outlines -> outlines)
                .concatMap(outline -> add(caller, outline))
                .collectList()
                .map(SourceLists::summary);
    }

    private Mono<Result> add(Caller caller, Opml.Outline outline) {
        return Mono.defer(() -> sources.create(caller, SourceRequest.of(outline)))
                .<Result>map(row -> new Result.Created())
                .onErrorResume(
                        ProblemException.class,
                        problem -> Mono.just(
                                problem.problem() == Problem.SOURCE_EXISTS
                                        ? new Result.Existing()
                                        : new Result.Rejected(new Summary.Rejection(
                                                outline.url(),
                                                String.valueOf(problem.getBody().getDetail())))));
    }

    private static Summary summary(List<Result> results) {
        var created = 0;
        var existing = 0;
        var rejected = 0;
        var rejections = new ArrayList<Summary.Rejection>();
        for (var result : results) {
            switch (result) {
                case Result.Created done -> created++;
                case Result.Existing done -> existing++;
                case Result.Rejected not -> {
                    rejected++;
                    if (rejections.size() < MAX_REJECTIONS) {
                        rejections.add(not.rejection());
                    }
                }
            }
        }
        return new Summary(created, existing, rejected, List.copyOf(rejections));
    }

    /** Returns the sources of the caller's account. */
    Mono<byte[]> export(Caller caller) {
        return sources.listOwn(caller)
                .map(row -> SourceView.of(row, codec.tags(row)))
                .collectList()
                .map(OpmlWriter::write);
    }
}
