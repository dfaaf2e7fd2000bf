package dev.freshet.identity.account;

import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Validates the fields of requests about accounts. */
public final class AccountFields {

    /** The maximum length of an account's name, in code points. */
    public static final int MAX_NAME_LENGTH = 60;

    /** In characters. Hashing a password takes time in proportion to its length. */
    static final int MAX_PASSWORD_LENGTH = 128;

    static final int MIN_PASSWORD_LENGTH = 8;
    private static final int MIN_DISTINCT_CHARACTERS = 4;
    private static final int MAX_TEXT_LENGTH = 300;
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}@]{1," + MAX_NAME_LENGTH + "}");
    private static final Pattern EMAIL = Pattern.compile("[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]{1,190}");

    private AccountFields() {}

    /** Returns the value of a required field, or throws the problem with it. */
    public static String require(String field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            throw Problem.invalid(List.of(new Invalid(field, "is required")));
        }
        if (value.length() > MAX_TEXT_LENGTH || value.indexOf('\0') >= 0) {
            throw Problem.invalid(List.of(new Invalid(
                    field, "must have at most " + MAX_TEXT_LENGTH + " characters and must not contain U+0000")));
        }
        return value;
    }

    /** Returns the new password of an account, or throws the problem with it. */
    public static String requirePassword(@Nullable String password, Account account) {
        var error = checkPassword(password, account.name());
        if (password == null || error.isPresent()) {
            throw Problem.invalid(error.stream().toList());
        }
        return password;
    }

    /** Returns the role with this wire name, or throws the problem with it. */
    public static Role requireRole(@Nullable String role) {
        return Optional.ofNullable(role)
                .flatMap(Role::parse)
                .orElseThrow(() -> Problem.invalid(List.of(new Invalid(
                        "role",
                        "must be one of "
                                + Stream.of(Role.values()).map(Role::toString).collect(Collectors.joining(", "))))));
    }

    /** Returns the error of an account's name, if any. */
    static Optional<Invalid> checkName(String name) {
        return NAME.matcher(name).matches()
                ? Optional.empty()
                : Optional.of(new Invalid(
                        "name", "must have 1 to " + MAX_NAME_LENGTH + " characters, without @ and control characters"));
    }

    /** Returns the error of an e-mail address, if any. */
    public static Optional<Invalid> checkEmail(String email) {
        return EMAIL.matcher(email).matches()
                ? Optional.empty()
                : Optional.of(new Invalid("email", "must be an e-mail address such as ann@example.org"));
    }

    /**
     * Returns the error of a new password, if any. Its length counts, not the classes of its characters (NIST SP 800-63B).
     */
    static Optional<Invalid> checkPassword(@Nullable String password, String name) {
        return passwordError(password, name).map(error -> new Invalid("password", error));
    }

    private static Optional<String> passwordError(@Nullable String password, String name) {
        if (password == null || password.length() < MIN_PASSWORD_LENGTH || password.length() > MAX_PASSWORD_LENGTH) {
            return Optional.of("must have " + MIN_PASSWORD_LENGTH + " to " + MAX_PASSWORD_LENGTH + " characters");
        }
        if (password.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT))) {
            return Optional.of("must not contain the account's name");
        }
        if (password.chars().distinct().count() < MIN_DISTINCT_CHARACTERS) {
            return Optional.of("must have at least " + MIN_DISTINCT_CHARACTERS + " different characters");
        }
        return Passwords.COMMON.contains(password)
                ? Optional.of("is too common; choose one that is harder to guess")
                : Optional.empty();
    }
}
