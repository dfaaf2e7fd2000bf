package dev.freshet.log.feedlog;

import dev.freshet.platform.NameKey;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of an article that the predicate of a feed tests.
 *
 * <p>Names and languages are compared by their keys, so that is all that it has; see {@link NameKey}.
 *
 * @param tags the keys of the tags without duplicates, in the author's order
 * @param author the key of the author's name
 * @param source the key of the source's name
 * @param language the canonical language (BCP 47) in small letters; null for an article that an earlier version withdrew
 */
public record Facets(
        List<String> tags,
        String author,
        String source,
        @Nullable String language) {

    public Facets {
        tags = tags.stream().map(NameKey::of).distinct().toList();
        author = NameKey.of(author);
        source = NameKey.of(source);
        language = language == null ? null : language.toLowerCase(Locale.ROOT);
    }
}
