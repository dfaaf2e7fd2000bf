package dev.freshet.read.page;

import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.platform.trace.Tracing;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The page cache follows the log without streams: an application context with the tail and pages, but without streams. */
class PagesWithoutStreamsTests {

    private static final Feed FEED = new Feed("birds", null, null, null);

    @Test
    void pageIsOutdatedByACommitOfAnotherInstance() {
        try (var writer = Freshet.start(Map.of());
                var context = new AnnotationConfigApplicationContext()) {
            var log = writer.bean(FeedLog.class);
            var changes = new LastChanges(100);
            context.registerBean(FeedLog.class, () -> log);
            context.registerBean(
                    "singleConnections",
                    PostgresqlConnectionFactory.class,
                    () -> writer.bean("singleConnections", PostgresqlConnectionFactory.class));
            context.registerBean(JsonMapper.class, () -> new JsonMapper());
            context.registerBean(LastChanges.class, () -> changes);
            context.registerBean(Tracing.class, () -> writer.bean(Tracing.class));
            context.register(TailSettings.class);
            context.scan("dev.freshet.log.tail");
            var before = Freshet.get(log.extent()).end();
            context.refresh();
            until(() -> changes.isCurrent(FEED, before, PublicationPeriod.ALL, null));
            Freshet.get(new LogWriter(writer).publish("Heron", "birds"));
            until(() -> !changes.isCurrent(FEED, before, PublicationPeriod.ALL, null));
            assertThat(changes.isCurrent(FEED, Freshet.get(log.extent()).end(), PublicationPeriod.ALL, null))
                    .isTrue();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConfigurationPropertiesScan("dev.freshet.log.tail")
    static class TailSettings {}
}
