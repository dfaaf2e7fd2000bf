package dev.freshet.read.web;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The compiled templates of the pages. They escape all inserted text, except HTML in {@code {{{}}}}. */
final class Templates {

    private static final String SUFFIX = ".mustache";

    private final Map<String, Template> compiled;

    private Templates(Map<String, Template> compiled) {
        this.compiled = compiled;
    }

    /** Reads the templates from the class path; blocks. */
    static Templates load() throws IOException {
        var sources = new HashMap<String, String>();
        for (var file : new PathMatchingResourcePatternResolver().getResources("classpath:/templates/*" + SUFFIX)) {
            var name = Objects.requireNonNull(file.getFilename());
            sources.put(
                    name.substring(0, name.length() - SUFFIX.length()),
                    file.getContentAsString(StandardCharsets.UTF_8));
        }
        // Partials are compiled on first use, on an event loop: from memory, never from a file.
        var compiler = Mustache.compiler()
                .emptyStringIsFalse(true)
                .nullValue("")
                .withLoader(name -> new StringReader(Objects.requireNonNull(sources.get(name), name)));
        var compiled = new HashMap<String, Template>();
        sources.forEach((name, source) -> compiled.put(name, compiler.compile(source)));
        return new Templates(Map.copyOf(compiled));
    }

    /** Renders a page in UTF-8. */
    byte[] render(String name, Record view) {
        return Objects.requireNonNull(compiled.get(name), name).execute(view).getBytes(StandardCharsets.UTF_8);
    }
}
