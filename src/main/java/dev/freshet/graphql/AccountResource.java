package dev.freshet.graphql;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.admin.AccountRequests;
import dev.freshet.identity.admin.AccountRequests.AccountChange;
import dev.freshet.identity.admin.AccountRequests.AccountPage;
import dev.freshet.identity.admin.AccountRequests.NewAccount;
import dev.freshet.platform.problem.Problem;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The administration of accounts. */
@Component
final class AccountResource implements GraphQlResource {

    private final AccountRequests accounts;
    private final JsonConversion json;

    AccountResource(AccountRequests accounts, JsonConversion json) {
        this.accounts = accounts;
        this.json = json;
    }

    @Override
    public Map<String, DataFetcher<?>> queries() {
        return Map.of(
                "accounts",
                this::accounts,
                "account",
                environment -> accounts.read(id(environment)).map(json::fields));
    }

    @Override
    public Map<String, DataFetcher<?>> mutations() {
        return Map.of(
                "createAccount",
                        environment -> accounts.create(json.request(json.input(environment, "input"), NewAccount.class))
                                .map(json::fields),
                "changeAccount", this::change,
                "closeAccount",
                        environment -> {
                            var id = id(environment);
                            return accounts.close(id).thenReturn(id);
                        });
    }

    private Mono<Map<String, @Nullable Object>> accounts(DataFetchingEnvironment environment) {
        var after = Arguments.optional(environment, "after", "");
        return accounts.list(after, ListSize.first(environment)).map(page -> connection(page, !after.isEmpty()));
    }

    private Map<String, @Nullable Object> connection(AccountPage page, boolean hasPrevious) {
        return Connections.of(
                page.items().stream().map(json::fields).toList(),
                page.items().stream().map(Account::name).toList(),
                hasPrevious,
                page.next() != null);
    }

    private Mono<Map<String, @Nullable Object>> change(DataFetchingEnvironment environment) {
        var changes = new HashMap<>(Arguments.object(environment, "changes"));
        // As in every change of this API, null removes a value. The request has an empty one for that.
        if (changes.containsKey("email") && changes.get("email") == null) {
            changes.put("email", "");
        }
        return accounts.change(id(environment), json.request(json.input(changes), AccountChange.class))
                .map(json::fields);
    }

    private static UUID id(DataFetchingEnvironment environment) {
        return Arguments.id(environment, Problem.ACCOUNT_NOT_FOUND);
    }
}
