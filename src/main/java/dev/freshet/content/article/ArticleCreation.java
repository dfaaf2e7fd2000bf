package dev.freshet.content.article;

import dev.freshet.identity.account.Account;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Creates articles, by group commit. A repeated request with the same idempotency key gets the first response. */
@Component
class ArticleCreation {

    private static final int MAX_GROUP_SIZE = 100;
    private static final int MAX_GROUP_CHARACTERS = 2_000_000;

    private final ArticleStore store;
    private final ArticleWriter writer;
    private final ContentFactory contents;
    private final Idempotency idempotency;
    private final TransactionalOperator transactions;
    private final JsonMapper json;
    private final GroupCommit<Creation, CommitResult<RecordedResponse>> groups;

    ArticleCreation(
            ArticleStore store,
            ArticleWriter writer,
            ContentFactory contents,
            Idempotency idempotency,
            TransactionalOperator transactions,
            JsonMapper json,
            ArticleSettings settings,
            MeterRegistry meters) {
        this.store = store;
        this.writer = writer;
        this.contents = contents;
        this.idempotency = idempotency;
        this.transactions = transactions;
        this.json = json;
        this.groups = new GroupCommit<>(
                new GroupCommit.Limits(
                        settings.publishing().waiting(),
                        MAX_GROUP_SIZE,
                        MAX_GROUP_CHARACTERS,
                        settings.publishing().longest()),
                Creation::characters,
                this::createAll,
                error -> error instanceof ProblemException
                        || StoreErrors.mayBeCausedByOneRow(error)
                        || StoreErrors.isConflict(error));
        Gauge.builder("freshet.publishing.waiting", groups, GroupCommit::queued)
                .description("New articles that wait to be written")
                .register(meters);
    }

    /** Creates an article, or returns the response of an earlier request with the same key. */
    Mono<CommitResult<RecordedResponse>> create(
            Account account, ArticleDraft draft, Idempotency.@Nullable Request request) {
        return contents.create(draft, account.name()).flatMap(content -> {
            var publication = Publication.initial(draft, Articles.now());
            var change = ArticleChange.create(account.id(), content.canonicalUrl(), content, publication);
            var article = change.after().article();
            var response = new RecordedResponse(
                    article.id(), HttpStatus.CREATED.value(), IfMatch.etag(article), json.writeValueAsString(article));
            var creation = groups.commit(new Creation(change, response, request));
            // A repeated request gets its first response, which the group looks up.
            return content.canonicalUrl() == null || request != null
                    ? creation
                    : store.hasCanonicalUrl(account.id(), content.canonicalUrl(), article.id())
                            .flatMap(taken -> taken ? Mono.error(Articles.exists(null)) : creation);
        });
    }

    private record Creation(ArticleChange change, RecordedResponse response, Idempotency.@Nullable Request request) {

        long characters() {
            return 2L * response.body().length();
        }
    }

    private Mono<List<CommitResult<RecordedResponse>>> createAll(List<Creation> creations) {
        var requests = new LinkedHashMap<Idempotency.Request, RecordedResponse>();
        var withKey = 0;
        for (var creation : creations) {
            if (creation.request() != null) {
                withKey++;
                requests.put(creation.request(), creation.response());
            }
        }
        if (requests.size() < withKey) {
            // The group commit divides this group, and the second request then finds the response of the first.
            return Mono.error(Problem.UNAVAILABLE.because("Two requests with this Idempotency-Key arrived together."));
        }
        var created = idempotency.record(requests).flatMap(recorded -> {
            var changes = new ArrayList<ArticleChange>();
            var responses = new ArrayList<RecordedResponse>();
            for (var creation : creations) {
                var earlier = creation.request() == null ? null : recorded.get(creation.request());
                if (earlier == null) {
                    changes.add(creation.change());
                }
                responses.add(earlier == null ? creation.response() : earlier);
            }
            return CommitResult.after(writer.write(changes), responses)
                    .map(group -> group.value().stream()
                            .map(response -> new CommitResult<>(response, group.cursor()))
                            .toList());
        });
        return transactions.transactional(created).onErrorMap(DuplicateKeyException.class, Articles::exists);
    }
}
