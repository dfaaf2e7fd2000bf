package dev.freshet.graphql;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.credential.SessionRequests;
import dev.freshet.identity.credential.StreamTickets;
import dev.freshet.identity.credential.TokenRequests;
import dev.freshet.identity.credential.TokenRequests.TokenRequest;
import dev.freshet.platform.problem.Problem;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The caller's account, API tokens, sessions and tickets. */
@Component
final class CredentialResource implements GraphQlResource {

    private final TokenRequests tokens;
    private final SessionRequests sessions;
    private final StreamTickets tickets;
    private final JsonConversion json;

    CredentialResource(TokenRequests tokens, SessionRequests sessions, StreamTickets tickets, JsonConversion json) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.tickets = tickets;
        this.json = json;
    }

    @Override
    public Map<String, DataFetcher<?>> queries() {
        return Map.of(
                "me", this::me,
                "tokens", environment -> tokens.list(caller(environment)).map(this::fields),
                "sessions", environment -> sessions.list(caller(environment)).map(this::fields));
    }

    @Override
    public Map<String, DataFetcher<?>> mutations() {
        return Map.of(
                "createToken",
                        environment -> tokens.create(
                                        caller(environment),
                                        json.request(json.input(environment, "input"), TokenRequest.class))
                                .map(json::fields),
                "revokeToken",
                        environment -> {
                            var id = Arguments.id(environment, Problem.TOKEN_NOT_FOUND);
                            return tokens.revoke(caller(environment), id).thenReturn(id);
                        },
                "endSession",
                        environment -> {
                            var id = Arguments.id(environment, Problem.SESSION_NOT_FOUND);
                            return sessions.end(caller(environment), id).thenReturn(id);
                        },
                "endOtherSessions",
                        environment -> sessions.endOthers(caller(environment)).thenReturn(true),
                "createStreamTicket",
                        environment -> tickets.issue(caller(environment)).map(json::fields));
    }

    private static Caller caller(DataFetchingEnvironment environment) {
        return Call.of(environment).requireCaller();
    }

    private @Nullable Map<String, @Nullable Object> me(DataFetchingEnvironment environment) {
        var caller = Call.of(environment).caller();
        if (caller == null) {
            return null;
        }
        var me = new HashMap<String, @Nullable Object>();
        me.put("account", json.fields(caller.account()));
        me.put("scopes", caller.scopes().stream().map(Object::toString).sorted().toList());
        me.put("expiresAt", caller.expiresAt());
        return me;
    }

    private List<Map<String, @Nullable Object>> fields(List<?> responses) {
        return responses.stream().map(json::fields).toList();
    }
}
