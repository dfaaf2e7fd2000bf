package dev.freshet.identity.account;

import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.data.convert.ReadingConverter;
import org.springframework.data.r2dbc.convert.R2dbcCustomConversions;
import org.springframework.data.r2dbc.dialect.PostgresDialect;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Maps accounts to rows, and hashes passwords. */
@Configuration(proxyBeanMethods = false)
class AccountConfiguration {

    @Bean
    R2dbcCustomConversions conversions() {
        return R2dbcCustomConversions.of(PostgresDialect.INSTANCE, List.of(new RoleReader()));
    }

    /** The minimum that OWASP recommends for Argon2id: 19 MiB, two passes, one lane. */
    @Bean
    static PasswordEncoder passwordEncoder() {
        return new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2);
    }

    @ReadingConverter
    private static final class RoleReader implements Converter<String, Role> {

        @Override
        public Role convert(String text) {
            return Role.parse(text).orElseThrow(() -> new IllegalArgumentException("Unknown role: " + text));
        }
    }
}
