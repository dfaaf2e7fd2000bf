package dev.freshet.feed;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.reactive.TransactionalOperator;

/** The names that accounts follow and mute. */
@Configuration(proxyBeanMethods = false)
class FollowingConfiguration {

    @Bean
    NameList<Follow> follows(FollowRepository repository, TransactionalOperator transactions) {
        return new NameList<>(
                repository,
                transactions,
                "An account follows %d tags, authors and sources at most. Unfollow one first.");
    }

    @Bean
    NameList<Mute> mutes(MuteRepository repository, TransactionalOperator transactions) {
        return new NameList<>(
                repository, transactions, "An account mutes %d tags, authors and sources at most. Unmute one first.");
    }
}
