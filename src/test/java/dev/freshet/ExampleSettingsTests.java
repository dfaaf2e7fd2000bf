package dev.freshet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.json.JsonMapper;

/** {@code config/freshet.example.yaml} names every setting of Freshet with its default. */
class ExampleSettingsTests {

    private static final Path EXAMPLE = Path.of("config", "freshet.example.yaml");
    private static final Pattern COMMENTED_SETTING = Pattern.compile("(?m)^( *)# ([a-z0-9-]+): (?=\\S)");

    /** Groups whose settings are all commented out. */
    private static final Set<String> EMPTY_GROUPS = Set.of();

    @Test
    void exampleNamesEverySettingAndNoOther() throws IOException {
        var example = read(COMMENTED_SETTING.matcher(Files.readString(EXAMPLE)).replaceAll("$1$2: "));
        var names = defaults().keySet();

        assertThat(example.keySet()).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void exampleHasTheDefaults() throws IOException {
        var defaults = defaults();

        assertThat(read(Files.readString(EXAMPLE)))
                .isNotEmpty()
                .allSatisfy((name, value) -> assertThat(value).isEqualTo(defaults.get(name)));
    }

    /** Returns the settings of a YAML file by name. A list is written as text, with commas. */
    private static Map<String, String> read(String yaml) throws IOException {
        var settings = new TreeMap<String, List<String>>();
        for (var source : new YamlPropertySourceLoader().load("example", new ByteArrayResource(yaml.getBytes(UTF_8)))) {
            for (var name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
                var value = String.valueOf(source.getProperty(name));
                if (name.startsWith("freshet.") && !EMPTY_GROUPS.contains(name)) {
                    settings.computeIfAbsent(name.replaceAll("\\[\\d+]", ""), ignored -> new ArrayList<>())
                            .add(value);
                }
            }
        }
        return join(settings);
    }

    /** Returns the default of each setting by name; an empty text for none. */
    private static Map<String, String> defaults() throws IOException {
        var settings = new TreeMap<String, List<String>>();
        var metadata = new ClassPathResource("META-INF/spring-configuration-metadata.json");
        for (var setting :
                JsonMapper.shared().readTree(metadata.getContentAsByteArray()).path("properties")) {
            if (setting.path("name").asString().startsWith("freshet.")) {
                var value = setting.path("defaultValue");
                settings.put(
                        setting.path("name").asString(),
                        List.of(value.asString("")
                                .replaceFirst("^\\[(.*)]$", "$1")
                                .replace(", ", ",")));
            }
        }
        return join(settings);
    }

    private static Map<String, String> join(Map<String, List<String>> settings) {
        return settings.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, setting -> String.join(",", setting.getValue())));
    }
}
