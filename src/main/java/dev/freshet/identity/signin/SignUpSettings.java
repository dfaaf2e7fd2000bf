package dev.freshet.identity.signin;

import dev.freshet.identity.account.Role;
import jakarta.validation.constraints.NotNull;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of sign-up. The settings of tokens and sessions share the prefix; lower packages use them.
 *
 * @param signUp whether anyone may create an account
 * @param newcomers the role of an account that its owner created: reader or author
 */
@ConfigurationProperties("freshet.auth")
record SignUpSettings(
        @DefaultValue("false") boolean signUp,
        @NotNull @DefaultValue("reader") Role newcomers) {}
