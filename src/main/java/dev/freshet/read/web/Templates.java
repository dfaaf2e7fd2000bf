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
        var compiler = Mustache.compiler()
                .emptyStringIsFalse(true)
                .nullValue("")
                .withLoader(name -> new StringReader(Objects.requireNonNull(sources.get(name), name)));
        var compiled = new HashMap<String, Template>();
        sources.forEach((name, source) -> compiled.put(name, compiler.compile(source)));
        // The library compiles a partial on its first use, under a lock for which an event loop would have to wait.
        compiled.values().forEach(template -> template.visit(new EveryPartial()));
        sources.clear();
        return new Templates(Map.copyOf(compiled));
    }

    /** Visits the partials of a template, which compiles them. */
    private static final class EveryPartial implements Mustache.Visitor {

        @Override
        public void visitText(String text) {}

        @Override
        public void visitVariable(String name) {}

        @Override
        public boolean visitInclude(String name) {
            return true;
        }

        @Override
        public boolean visitSection(String name) {
            return true;
        }

        @Override
        public boolean visitInvertedSection(String name) {
            return true;
        }
    }

    /** Renders a page in UTF-8. */
    byte[] render(String name, Record view) {
        return Objects.requireNonNull(compiled.get(name), name).execute(view).getBytes(StandardCharsets.UTF_8);
    }
}
