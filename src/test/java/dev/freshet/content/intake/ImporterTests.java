package dev.freshet.content.intake;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.content.article.ArticleImport;
import dev.freshet.content.article.ArticleStatistics;
import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.format.ImportEntry;
import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class ImporterTests {

    private static final Account ACCOUNT =
            new Account(UUID.randomUUID(), "editor", null, Role.AUTHOR, Instant.EPOCH, null);

    @Test
    void unparsableEntryIsRejectedAndOthersAreImported() {
        var batches = new TimedBatches(10, 1000, Duration.ofMillis(200), Schedulers.parallel());
        var statistics = Mockito.mock(ArticleStatistics.class);
        Mockito.when(statistics.renewAfter(0)).thenReturn(Mono.empty());
        var importer = new Importer(Mockito.mock(ArticleImport.class), statistics, batches, Schedulers.parallel(), 10);

        importer.lines(ACCOUNT, new Import(Flux.just(new Breaking(1), new Breaking(2)), List.of()))
                .filter(line -> !(line instanceof ImportLine.Progress))
                .as(StepVerifier::create)
                .assertNext(line -> assertRejected(line, 1))
                .assertNext(line -> assertRejected(line, 2))
                .expectNextMatches(ImportLine.Done.class::isInstance)
                .expectComplete()
                .verify(TIMEOUT);
    }

    private static void assertRejected(ImportLine line, int number) {
        assertThat(line).isInstanceOf(ImportLine.Rejected.class);
        assertThat(((ImportLine.Rejected) line).rejected().line()).isEqualTo(number);
    }

    private record Breaking(int line) implements ImportEntry {

        @Override
        public int weight() {
            return 1;
        }

        @Override
        public Instant time() {
            return Instant.EPOCH;
        }

        @Override
        public ImportedArticle read() {
            throw new IllegalStateException("a fault of the parser");
        }
    }
}
