package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/** The documents agree with the repository. */
class DocumentationTests {

    private static final Path MAIN = Path.of("src/main/java/dev/freshet");
    private static final Pattern TEST = Pattern.compile("`(\\w+Tests)(?:\\.(\\w+)(…)?)?`");
    private static final Pattern TYPE = Pattern.compile("\\b([a-z]+(?:\\.[a-z]+)?)\\.([A-Z]\\w+)\\b");
    private static final Pattern PLAIN_TYPE = Pattern.compile("`([A-Z][a-z]\\w+)`");
    private static final Pattern SETTING = Pattern.compile("`(freshet\\.[a-z0-9.-]+)`");
    private static final Pattern ENTRY = Pattern.compile("^## ", Pattern.MULTILINE);

    @Test
    void readmeFitsOn120Lines() {
        assertThat(MarkdownDocument.read("README.md").text().lines()).hasSizeLessThanOrEqualTo(120);
    }

    @Test
    void relativeLinksResolve() {
        var broken = new ArrayList<String>();
        for (var document : MarkdownDocument.all()) {
            for (var link : document.relativeLinks()) {
                var parts = link.split("#", 2);
                var target = parts[0].isEmpty()
                        ? document.path()
                        : document.path().resolveSibling(parts[0]).normalize();
                var resolves = Files.exists(target)
                        && (parts.length == 1
                                || MarkdownDocument.read(target.toString())
                                        .anchors()
                                        .contains(parts[1]));
                if (!resolves) {
                    broken.add(document + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void testsNamedInDocumentsExist() throws IOException {
        var missing = new ArrayList<String>();
        for (var document : MarkdownDocument.all()) {
            for (var test : TEST.matcher(document.text()).results().toList()) {
                var source = source(test.group(1));
                var method = test.group(2) == null ? "" : "void " + test.group(2) + (test.group(3) == null ? "(" : "");
                if (source.isEmpty() || !source.contains(method)) {
                    missing.add(document + ": " + test.group());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void typesNamedInArchitectureExist() {
        var architecture = MarkdownDocument.read("src/docs/architecture.md");
        assertThat(TYPE.matcher(architecture.text()).results())
                .filteredOn(type -> Files.isDirectory(folder(type.group(1))))
                .isNotEmpty()
                .allSatisfy(type -> assertThat(folder(type.group(1)).resolve(type.group(2) + ".java"))
                        .exists());
    }

    @Test
    void typesNamedInArchitectureWithoutPackageExist() throws IOException {
        var files = Stream.concat(
                        JavaSources.files(JavaSources.MAIN, ".java").stream(),
                        JavaSources.files(JavaSources.TESTS, ".java").stream())
                .map(file -> String.valueOf(file.getFileName()))
                .collect(Collectors.toSet());
        var architecture = MarkdownDocument.read("src/docs/architecture.md");
        assertThat(PLAIN_TYPE.matcher(architecture.text()).results())
                .isNotEmpty()
                .allSatisfy(type -> assertThat(files).contains(type.group(1) + ".java"));
    }

    @Test
    void architectureListsEveryPackage() throws IOException {
        var architecture = MarkdownDocument.read("src/docs/architecture.md").text();
        try (var files = Files.walk(MAIN)) {
            assertThat(files.filter(file -> file.endsWith("package-info.java"))
                            .map(file -> MAIN.relativize(file.getParent()).toString())
                            .filter(name -> !name.isEmpty()))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(architecture).contains("`" + name.replace('/', '.') + "`"));
        }
    }

    @Test
    void decisionsHaveTheirFourParts() {
        assertThat(MarkdownDocument.manual())
                .filteredOn(document -> document.path().startsWith("src/docs/decisions"))
                .hasSize(12)
                .flatExtracting(
                        document -> ENTRY.splitAsStream(document.text()).skip(1).toList())
                .allSatisfy(entry -> assertThat(entry)
                        .containsSubsequence("**Decision.**", "**Why.**", "**Instead of.**", "**Held by.**"));
    }

    @Test
    void commandsThatNoTestRunsAreRunByTheBuild() throws IOException {
        String ci;
        try (var files = Files.list(Path.of(".ci"))) {
            ci = String.join("\n", files.map(DocumentationTests::read).toList()).replace(" -B -ntp", "");
        }
        for (var document : MarkdownDocument.manual()) {
            for (var block : document.blocks()) {
                if (block.options().equals("rabbitmq")) {
                    assertThat(ci).contains("```sh rabbitmq");
                } else if (block.language().equals("sh") && !block.options().isEmpty()) {
                    assertThat(block.options()).isEqualTo("no-test");
                    assertThat(block.content().lines())
                            .allSatisfy(command -> assertThat(ci).contains(command));
                }
            }
        }
    }

    @Test
    void settingsInDocumentsAreInTheExample() {
        assertThat(MarkdownDocument.manual())
                .flatExtracting(document -> Stream.concat(
                                SETTING.matcher(document.prose()).results().map(match -> match.group(1)),
                                yaml(document).flatMap(settings -> settings.stringPropertyNames().stream()))
                        .toList())
                .isNotEmpty()
                .allSatisfy(DocumentationTests::assertInExample);
    }

    /** Each part of the name, without an index, is a key in the example, which comments out what has no default. */
    private static void assertInExample(String setting) {
        var example = read(Path.of("config/freshet.example.yaml"));
        assertThat(setting.replaceAll("\\[\\d+]", "").split("\\."))
                .as(setting)
                .allSatisfy(
                        part -> assertThat(example).containsPattern("(?m)(^[ #]*|[{,] ?)" + Pattern.quote(part) + ":"));
    }

    @Test
    void yamlInDocumentsBinds() {
        var types = settingsTypes();
        assertThat(MarkdownDocument.manual().stream().flatMap(DocumentationTests::yaml))
                .isNotEmpty()
                .allSatisfy(settings -> bind(settings, types));
    }

    private static Stream<Properties> yaml(MarkdownDocument document) {
        return document.blocks().stream()
                .filter(block -> block.language().equals("yaml"))
                .map(block -> {
                    var yaml = new YamlPropertiesFactoryBean();
                    yaml.setResources(new ByteArrayResource(block.content().getBytes(StandardCharsets.UTF_8)));
                    return Objects.requireNonNull(yaml.getObject());
                });
    }

    /** Binds the settings to all types that could hold them. Their names are checked against the example. */
    private static void bind(Properties settings, List<Class<?>> types) {
        var binder = new Binder(
                List.of(new MapConfigurationPropertySource(settings)),
                null,
                ApplicationConversionService.getSharedInstance(),
                null,
                null);
        for (var type : types) {
            binder.bind(type.getAnnotation(ConfigurationProperties.class).value(), Bindable.of(type));
        }
    }

    private static List<Class<?>> settingsTypes() {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        return scanner.findCandidateComponents("dev.freshet").stream()
                .<Class<?>>map(found -> ClassUtils.resolveClassName(String.valueOf(found.getBeanClassName()), null))
                .toList();
    }

    private static Path folder(String packageName) {
        return MAIN.resolve(packageName.replace('.', '/'));
    }

    private static String source(String simpleName) throws IOException {
        for (var root : List.of("src/test/java", "load-tests/src/test/java")) {
            try (var files = Files.walk(Path.of(root))) {
                var file = files.filter(path -> path.endsWith(simpleName + ".java"))
                        .findFirst();
                if (file.isPresent()) {
                    return read(file.get());
                }
            }
        }
        return "";
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError("Cannot read " + file, e);
        }
    }
}
