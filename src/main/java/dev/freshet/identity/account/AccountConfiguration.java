package dev.freshet.identity.account;

import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.data.convert.ReadingConverter;
import org.springframework.data.r2dbc.convert.R2dbcCustomConversions;
import org.springframework.data.r2dbc.dialect.PostgresDialect;

/** Maps accounts to rows. */
@Configuration(proxyBeanMethods = false)
class AccountConfiguration {

    @Bean
    R2dbcCustomConversions conversions() {
        return R2dbcCustomConversions.of(PostgresDialect.INSTANCE, List.of(new RoleReader()));
    }

    @ReadingConverter
    private static final class RoleReader implements Converter<String, Role> {

        @Override
        public Role convert(String text) {
            return Role.parse(text).orElseThrow(() -> new IllegalArgumentException("Unknown role: " + text));
        }
    }
}
