package dev.freshet.content.source;

import dev.freshet.content.format.Digest;
import dev.freshet.content.format.DocumentEntry;
import dev.freshet.content.format.FeedDocument;
import dev.freshet.content.format.FeedHints;
import dev.freshet.content.intake.Import;
import dev.freshet.content.intake.ImportLine;
import dev.freshet.content.source.PollOutcome.FeedState;
import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Role;
import dev.freshet.platform.http.RetryAfter;
import dev.freshet.platform.outbound.DocumentFetcher;
import dev.freshet.platform.outbound.DocumentFetcher.Document;
import dev.freshet.platform.problem.ProblemException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One poll of a source: a conditional request, and the import of the entries that are new or changed. */
final class Poll {

    private static final String ACCEPTED = "application/atom+xml, application/rss+xml, application/feed+json,"
            + " application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1";
    private static final int OK = 200;
    private static final int DELTA = 226;
    private static final int NOT_MODIFIED = 304;
    private static final int GONE = 410;
    private static final ImportLine.Counts NOTHING = new ImportLine.Counts(0, 0, 0, 0, 0, 0);

    private final PollResources resources;
    private final SourceRow source;
    private final FeedState before;
    private final AddedProperties added;

    /**
     * @param before the facts about the last document
     * @param added the properties that its articles receive
     */
    Poll(PollResources resources, SourceRow source, FeedState before, AddedProperties added) {
        this.resources = resources;
        this.source = source;
        this.before = before;
        this.added = added;
    }

    /** Polls. Fails only for an unexpected error. */
    Mono<PollOutcome> run() {
        return resources
                .accounts()
                .findActive(source.account())
                .filter(account -> account.role().isAtLeast(Role.AUTHOR))
                .flatMap(account ->
                        resources.documents().get(request()).flatMap(document -> evaluate(account, document)))
                .switchIfEmpty(Mono.fromSupplier(() -> new PollOutcome.Failed(
                        null, "The account is disabled, or its role does not permit articles.", null)))
                .onErrorResume(
                        ProblemException.class,
                        problem -> Mono.just(new PollOutcome.Failed(null, detail(problem), null)));
    }

    private DocumentFetcher.Request request() {
        return request(source.address());
    }

    private DocumentFetcher.Request request(URI address) {
        var settings = resources.settings().request();
        var headers = new HashMap<String, String>();
        headers.put(HttpHeaders.ACCEPT, ACCEPTED);
        headers.put(HttpHeaders.USER_AGENT, settings.userAgent());
        if (before.etag() != null) {
            headers.put(HttpHeaders.IF_NONE_MATCH, before.etag());
            // Servers that know RFC 3229 answer with the entries that are new.
            headers.put("A-IM", "feed");
        }
        if (source.isPinged()) {
            // A cache between may not know of the change.
            headers.put(HttpHeaders.CACHE_CONTROL, "no-cache");
        }
        if (before.lastModified() != null) {
            headers.put(HttpHeaders.IF_MODIFIED_SINCE, before.lastModified());
        }
        return new DocumentFetcher.Request(
                address, Map.copyOf(headers), Math.toIntExact(settings.maxSize().toBytes()), settings.timeout());
    }

    private Mono<PollOutcome> evaluate(Account account, Document document) {
        return switch (document.status()) {
            case OK, DELTA -> read(account, document);
            case NOT_MODIFIED -> Mono.just(unchanged(document, before));
            case GONE -> Mono.just(new PollOutcome.Gone(GONE, "The feed is gone (410)."));
            default -> Mono.just(failed(document, "The server returned the status " + document.status() + "."));
        };
    }

    private Mono<PollOutcome> read(Account account, Document document) {
        var digest = Digest.of(document.body());
        if (document.status() != DELTA && before.body() != null && before.body() == digest) {
            return Mono.just(unchanged(document, state(document, digest, before.entries(), before.hints())));
        }
        return resources
                .reader()
                .<Mono<PollOutcome>>read(document, content -> switch (content) {
                    case FeedReader.Content.Feed feed ->
                        importNew(account, document, digest, feed.document()).map(Mono::just);
                    // Followed later, when the page is not in memory any longer.
                    case FeedReader.Content.Page page -> Mono.just(find(document, page.addresses()));
                })
                .flatMap(outcome -> outcome)
                .onErrorResume(ProblemException.class, problem -> Mono.just(failed(document, detail(problem))));
    }

    /** Prefers the API of the site, if it returns posts. */
    private Mono<PollOutcome> find(Document page, Discovery.Addresses addresses) {
        var posts = addresses.posts() == null ? null : URI.create(addresses.posts());
        if (source.feed() != null || posts == null || !SourceRow.host(posts).equals(SourceRow.host(page.address()))) {
            return Mono.just(found(page, addresses.feed()));
        }
        return resources
                .documents()
                .get(request(posts))
                .filter(response -> response.status() == OK)
                .flatMap(response -> resources.reader().read(response, content -> Mono.just(hasEntries(content))))
                .onErrorReturn(ProblemException.class, false)
                .filter(hasEntries -> hasEntries)
                .<PollOutcome>map(hasEntries -> new PollOutcome.Found(page.status(), posts))
                .defaultIfEmpty(found(page, addresses.feed()));
    }

    private static boolean hasEntries(FeedReader.Content content) {
        return content instanceof FeedReader.Content.Feed feed
                && !feed.document().entries().isEmpty();
    }

    private PollOutcome found(Document document, @Nullable String feed) {
        if (feed == null) {
            return failed(document, "The page names no feed. Use the address of a feed.");
        }
        return source.feed() == null
                ? new PollOutcome.Found(document.status(), URI.create(feed))
                : failed(document, "The address of the feed returns a page.");
    }

    private Mono<PollOutcome> importNew(Account account, Document document, long digest, FeedDocument feed) {
        var max = resources.settings().request().maxEntries();
        var all = feed.entries();
        var entries = all.subList(Math.max(0, all.size() - max), all.size());
        var digests = entries.stream().map(DocumentEntry::digest).toList();
        var known = new HashSet<>(before.entries());
        var changed = entries.stream()
                .filter(entry -> !known.contains(entry.digest()))
                .map(added::addTo)
                .toList();
        var next = document.status() == DELTA
                ? state(document, null, withEarlier(digests, max), before.hints())
                : state(document, digest, digests, feed.hints());
        var kept = entries.size() - changed.size();
        if (changed.isEmpty()) {
            return Mono.just(outcome(document, next, counts(NOTHING, kept), null));
        }
        return resources
                .importer()
                .summary(account, new Import(Flux.fromIterable(changed), feed.repairs(), source.lease()))
                .map(summary -> outcome(
                        document, next, counts(summary.counts(), kept), reason(summary, all.size() - entries.size())));
    }

    /** Adds the entries that are as they were. */
    private static ImportLine.Counts counts(ImportLine.Counts imported, int kept) {
        return new ImportLine.Counts(
                imported.read() + kept,
                imported.created(),
                imported.updated(),
                imported.unchanged() + kept,
                imported.rejected(),
                imported.repaired());
    }

    private static @Nullable String reason(ImportLine.Summary summary, int older) {
        var rejections = Objects.requireNonNullElse(summary.rejections(), List.<ImportLine.Rejection>of());
        if (!rejections.isEmpty()) {
            var first = rejections.getFirst();
            return "Entry " + first.line() + ": " + first.reason();
        }
        return older == 0 ? null : "The oldest " + older + " entries are beyond the limit of entries.";
    }

    private PollOutcome unchanged(Document document, FeedState state) {
        var entries = before.entries().size();
        return outcome(document, state, counts(NOTHING, entries), null);
    }

    private PollOutcome outcome(Document document, FeedState state, ImportLine.Counts counts, @Nullable String reason) {
        var feed = document.moved() != null ? document.moved() : source.address();
        return new PollOutcome.Read(
                document.status(),
                feed,
                maxAge(document.headers()),
                state,
                counts,
                reason,
                hub(document, state.hints()));
    }

    /** Returns the digests of a delta and those of the entries before it. */
    private List<Long> withEarlier(List<Long> digests, int max) {
        var all = new LinkedHashSet<>(before.entries());
        all.addAll(digests);
        return all.stream().skip(Math.max(0, all.size() - max)).toList();
    }

    /** Returns the hub that the response names, or else the feed (WebSub, section 4). */
    private static PollOutcome.HubLink hub(Document document, FeedHints hints) {
        var links = document.headers().getOrEmpty(HttpHeaders.LINK);
        var address = document.address().toString();
        var hub = Links.first(links, "hub", address);
        var self = Links.first(links, "self", address);
        var topic = self == null ? hints.self() : self;
        return new PollOutcome.HubLink(hub == null ? hints.hub() : hub, topic == null ? address : topic);
    }

    private static FeedState state(Document document, @Nullable Long digest, List<Long> entries, FeedHints hints) {
        return new FeedState(
                document.headers().getFirst(HttpHeaders.ETAG),
                document.headers().getFirst(HttpHeaders.LAST_MODIFIED),
                digest,
                entries,
                hints);
    }

    private static PollOutcome failed(Document document, String reason) {
        return new PollOutcome.Failed(
                document.status(),
                reason,
                RetryAfter.parse(document.headers().getFirst(HttpHeaders.RETRY_AFTER), Instant.now()));
    }

    /** Returns {@code max-age} of {@code Cache-Control} without the age of the response; null for none. */
    private static @Nullable Duration maxAge(HttpHeaders headers) {
        var seconds = CacheAge.maxAge(headers.getOrEmpty(HttpHeaders.CACHE_CONTROL));
        return seconds == null
                ? null
                : Duration.ofSeconds(Math.max(0, seconds - CacheAge.age(headers.getFirst(HttpHeaders.AGE))));
    }

    private static String detail(ProblemException problem) {
        return String.valueOf(problem.getBody().getDetail());
    }
}
