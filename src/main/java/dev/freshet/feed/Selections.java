package dev.freshet.feed;

import com.github.benmanes.caffeine.cache.Interner;
import dev.freshet.search.SearchQuery;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Reads what the followed feeds of accounts select. */
@Component
class Selections {

    private final FollowRepository follows;
    private final MuteRepository mutes;
    private final SavedSearchRepository searches;
    // Accounts share most names.
    private final Interner<String> names = Interner.newWeakInterner();

    Selections(FollowRepository follows, MuteRepository mutes, SavedSearchRepository searches) {
        this.follows = follows;
        this.mutes = mutes;
        this.searches = searches;
    }

    /** Reads the selections of accounts, one for each. */
    Mono<Map<UUID, Selection>> read(List<UUID> accounts) {
        var ids = accounts.toArray(UUID[]::new);
        return Mono.zip(
                        follows.findKeys(ids).collectMultimap(Follow::account).map(this::sets),
                        searches.findAll(ids).collectMultimap(SavedSearch::account, Selections::query),
                        mutes.findKeys(ids).collectMultimap(Mute::account).map(this::sets))
                .map(read -> accounts.stream()
                        .collect(Collectors.toMap(
                                Function.identity(),
                                account -> new Selection(
                                        read.getT1().getOrDefault(account, NameSet.NONE),
                                        List.copyOf(read.getT2().getOrDefault(account, List.of())),
                                        read.getT3().getOrDefault(account, NameSet.NONE)))));
    }

    private static SearchQuery query(SavedSearch saved) {
        return SearchQuery.parse(saved.q());
    }

    private Map<UUID, NameSet> sets(Map<UUID, ? extends Collection<? extends ListedName>> byAccount) {
        return byAccount.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, list -> set(list.getValue())));
    }

    private NameSet set(Collection<? extends ListedName> list) {
        return new NameSet(keys(list, FeedKind.TAG), keys(list, FeedKind.AUTHOR), keys(list, FeedKind.SOURCE));
    }

    private List<String> keys(Collection<? extends ListedName> list, FeedKind kind) {
        return list.stream()
                .filter(name -> name.kind().equals(kind.wireName()))
                .map(name -> names.intern(name.name()))
                .toList();
    }
}
