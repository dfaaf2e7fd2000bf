package dev.freshet.content.source;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the age and the freshness of a response (RFC 9111). */
final class CacheAge {

    private static final Pattern MAX_AGE = Pattern.compile("(?:^|[,\\s])max-age\\s*=\\s*\"?(\\d{1,9})\"?");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private CacheAge() {}

    /** Returns the seconds of {@code max-age} in {@code Cache-Control}; null for none. */
    static @Nullable Long maxAge(List<String> cacheControl) {
        var maxAge = MAX_AGE.matcher(String.join(",", cacheControl).toLowerCase(Locale.ROOT));
        return maxAge.find() ? Long.valueOf(maxAge.group(1)) : null;
    }

    /** Returns the seconds of {@code Age}; 0 for none. */
    static long age(@Nullable String age) {
        return age != null && SECONDS.matcher(age.strip()).matches() ? Long.parseLong(age.strip()) : 0;
    }
}
