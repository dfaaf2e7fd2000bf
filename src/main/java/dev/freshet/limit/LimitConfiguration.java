package dev.freshet.limit;

import dev.freshet.platform.Periodic;
import dev.freshet.platform.http.CorsSettings;
import dev.freshet.platform.http.SecurityHeaders;
import dev.freshet.platform.problem.ProblemHandler;
import dev.freshet.platform.store.RedisBytes;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;
import reactor.core.publisher.Mono;

/** Rate limits by address and by account. */
@Configuration(proxyBeanMethods = false)
class LimitConfiguration {

    private final LimitSettings settings;
    private final ReadBuckets reads;
    private final RateLimits limits;

    LimitConfiguration(LimitSettings settings, ObjectProvider<ReactiveRedisConnectionFactory> redis) {
        this.settings = settings;
        var connections = redis.getIfAvailable();
        @Nullable
        SharedBuckets shared = connections == null
                ? null
                : new SharedBuckets(RedisBytes.operations(connections), settings.redisTimeout());
        this.reads = new ReadBuckets(shared);
        this.limits = new RateLimits(settings.exempt(), reads, shared);
    }

    @Bean
    EdgeRules edgeRules(
            SecurityHeaders headers,
            CorsSettings cors,
            ProblemHandler problems,
            ObjectProvider<ForwardedHeaderTransformer> forwarding) {
        return new EdgeRules(
                limits, RatePolicy.perAddress(settings), headers, cors, forwarding.getIfAvailable() != null, problems);
    }

    @Bean
    ClientRates clientRates() {
        return new ClientRates(limits, RatePolicy.perAddress(settings), RatePolicy.perAccount(settings));
    }

    @Bean
    Periodic settlementOfReads() {
        return new Periodic("Settlement of reads", ReadBuckets.SETTLEMENT_INTERVAL, Mono.defer(reads::settle));
    }

    @Bean
    RateFilter rateFilterPerAddress(SecurityHeaders headers) {
        return new RateFilter(
                RateFilter.BEFORE_SECURITY, RatePolicy.perAddress(settings), RateFilter::address, limits, headers);
    }

    @Bean
    RateFilter rateFilterPerAccount(SecurityHeaders headers) {
        return new RateFilter(
                RateFilter.AFTER_SECURITY, RatePolicy.perAccount(settings), RateFilter::account, limits, headers);
    }
}
