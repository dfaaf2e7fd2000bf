package dev.freshet.log.tail;

import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.platform.trace.Tracing;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** Combines the tails: always the own commits and PostgreSQL's hints, and Redis's copies if Redis is configured. */
@Configuration(proxyBeanMethods = false)
class TailConfiguration {

    @Bean
    OwnCommits ownCommits() {
        return new OwnCommits();
    }

    @Bean
    Follower follower(
            FeedLog feedLog,
            OwnCommits own,
            @Qualifier("singleConnections") PostgresqlConnectionFactory listening,
            ObjectProvider<ReactiveStringRedisTemplate> redis,
            JsonMapper json,
            TailSettings settings,
            Tracing tracing) {
        var postgres = new PostgresTail(listening, feedLog.instance().toString(), json);
        var template = redis.getIfAvailable();
        if (template == null) {
            return new Follower(
                    new FollowerResources(feedLog, List.of(own, postgres), null, settings, Schedulers.parallel()));
        }
        var stream = new RedisStream(template, json, settings.copies());
        var relay = new Relay(feedLog, stream, settings.copies(), tracing);
        return new Follower(new FollowerResources(
                feedLog,
                List.of(own, postgres, new RedisTail(stream, settings.grace())),
                relay,
                settings,
                Schedulers.parallel()));
    }

    @Bean
    TailDispatcher tailDispatcher(FeedLog feedLog, Follower follower, ObjectProvider<TailListener> listeners) {
        return new TailDispatcher(feedLog, follower, listeners.orderedStream().toList());
    }
}
