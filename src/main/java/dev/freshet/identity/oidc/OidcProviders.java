package dev.freshet.identity.oidc;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/** The configured OpenID Connect providers, in the order of their names. */
public final class OidcProviders implements ReactiveClientRegistrationRepository {

    private final Map<String, OidcProvider> byName;
    private final Map<String, OidcProvider> byIssuer;

    OidcProviders(OidcSettings settings, WebClient client) {
        var providers = new TreeMap<String, OidcProvider>();
        settings.providers().forEach((name, provider) -> providers.put(name, new OidcProvider(name, provider, client)));
        this.byName = providers;
        // Fails where two have the same issuer.
        this.byIssuer =
                providers.values().stream().collect(Collectors.toMap(OidcProvider::issuer, Function.identity()));
    }

    /** A provider for browsers: its name in addresses and its label on pages. */
    public record Choice(String name, String label) {}

    /** Returns the providers through which browsers can sign in. */
    public List<Choice> forBrowsers() {
        return byName.values().stream()
                .filter(OidcProvider::isForBrowsers)
                .map(provider -> new Choice(provider.name(), provider.label()))
                .toList();
    }

    /** Returns the provider of this issuer; null for none. */
    @Nullable
    OidcProvider ofIssuer(@Nullable String issuer) {
        return issuer == null ? null : byIssuer.get(issuer);
    }

    /** Returns the issuers. */
    public String[] issuers() {
        return byIssuer.keySet().toArray(String[]::new);
    }

    Optional<OidcProvider> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    @Override
    public Mono<ClientRegistration> findByRegistrationId(String name) {
        return Mono.justOrEmpty(named(name)).filter(OidcProvider::isForBrowsers).flatMap(OidcProvider::registration);
    }
}
