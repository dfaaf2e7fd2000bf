package dev.freshet.content.intake;

import dev.freshet.content.article.StrictJson;
import dev.freshet.content.format.ImportEntry;
import dev.freshet.content.format.Ndjson;
import dev.freshet.identity.account.Account;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Imports articles that arrive one by one in messages. Safe for use by any thread. */
@Component
public final class MessageImport {

    private final Importer importer;
    private final StrictJson json;
    private final int limit;

    MessageImport(Importer importer, StrictJson json, ImportSettings settings) {
        this.importer = importer;
        this.json = json;
        this.limit = Math.toIntExact(settings.lineLimit().toBytes());
    }

    /**
     * Imports messages in their order. Importing one again changes nothing.
     *
     * @param account the owner of new articles, and the author of articles that name none; it must be allowed to write
     * @param messages each a line of an NDJSON import, or a CloudEvent with one
     * @return the summary, after all are committed. Its rejections are complete, each with the position of its message as the
     *     line. Fails if the store is unavailable; a part may then be written
     */
    public Mono<ImportLine.Summary> messages(Account account, List<byte[]> messages) {
        var entries = Flux.range(1, messages.size())
                .<ImportEntry>map(position -> Ndjson.entry(position, messages.get(position - 1), limit, json));
        return importer.summary(account, new Import(entries, List.of(), null), messages.size());
    }
}
