package dev.freshet.identity.security;

import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.web.server.ServerWebExchange;

/** Refuses suspicious paths. A followed or muted name may have any character, and is one segment of its path. */
@Configuration(proxyBeanMethods = false)
class PathFirewall {

    private static final List<String> NAMES = List.of("/api/v1/following/", "/api/v1/muted/");

    @Bean
    ServerWebExchangeFirewall firewall() {
        var strict = new StrictServerWebExchangeFirewall();
        var names = new StrictServerWebExchangeFirewall();
        names.setAllowUrlEncodedSlash(true);
        names.setAllowUrlEncodedDoubleSlash(true);
        names.setAllowUrlEncodedPercent(true);
        names.setAllowUrlEncodedPeriod(true);
        names.setAllowUrlEncodedCarriageReturn(true);
        names.setAllowUrlEncodedLineFeed(true);
        names.setAllowUrlEncodedLineSeparator(true);
        names.setAllowUrlEncodedParagraphSeparator(true);
        names.setAllowSemicolon(true);
        names.setAllowBackSlash(true);
        names.setAllowNull(true);
        return exchange -> (isName(exchange) ? names : strict).getFirewalledExchange(exchange);
    }

    private static boolean isName(ServerWebExchange exchange) {
        var path = exchange.getRequest().getURI().getRawPath();
        return NAMES.stream().anyMatch(path::startsWith);
    }
}
