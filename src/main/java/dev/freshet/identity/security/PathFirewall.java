package dev.freshet.identity.security;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.web.server.ServerWebExchange;

/** Refuses suspicious paths. A followed name may have any character, and is one segment of its path. */
@Configuration(proxyBeanMethods = false)
class PathFirewall {

    private static final String FOLLOWED_NAMES = "/api/v1/following/";

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
        return exchange -> (isFollowedName(exchange) ? names : strict).getFirewalledExchange(exchange);
    }

    private static boolean isFollowedName(ServerWebExchange exchange) {
        return exchange.getRequest().getURI().getRawPath().startsWith(FOLLOWED_NAMES);
    }
}
