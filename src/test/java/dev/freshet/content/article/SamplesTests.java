package dev.freshet.content.article;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.admin.FirstAccount;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class SamplesTests {

    @Test
    void instancesThatStartTogetherLoadEachSampleOnce() {
        // Neither loads samples at its start. Then both load at once.
        var none = Map.of("freshet.samples", "false");
        var database = Stores.database();
        try (var one = Freshet.start(database, "", none);
                var two = Freshet.start(database, "", none)) {
            Mono.when(samples(one).load(), samples(two).load()).block(TIMEOUT);
            var extent = Objects.requireNonNull(one.bean(FeedLog.class).extent().block(TIMEOUT));
            assertThat(extent.last()).isEqualTo(6);
        }
    }

    private static Samples samples(Freshet instance) {
        return new Samples(
                instance.bean(ArticleImport.class),
                instance.bean(FirstAccount.class),
                instance.bean(ArticleStore.class),
                new ArticleSettings(
                        true,
                        instance.bean(ArticleSettings.class).tags(),
                        instance.bean(ArticleSettings.class).publishing(),
                        instance.bean(ArticleSettings.class).schedule(),
                        instance.bean(ArticleSettings.class).idempotency(),
                        instance.bean(ArticleSettings.class).rendering()));
    }
}
