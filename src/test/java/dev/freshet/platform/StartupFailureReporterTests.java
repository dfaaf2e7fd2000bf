package dev.freshet.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.freshet.FreshetApplication;
import dev.freshet.testing.Stores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts that fail, in this process. ProgramTests shows that the process then ends. */
class StartupFailureReporterTests {

    @TempDir
    private Path folder;

    private final AtomicReference<ConfigurableApplicationContext> context = new AtomicReference<>();

    @ParameterizedTest
    @CsvSource({
        "freshet.postgres.url=jdbc:postgresql://localhost/x, FRESHET_POSTGRES_URL",
        "freshet.postgres.url=postgresql://a:b@127.0.0.1:1/x, FRESHET_POSTGRES_URL",
        "freshet.redis.url=localhost:6379, FRESHET_REDIS_URL",
        "freshet.postgres.url=, must be set",
        "freshet.stream.ring-events=15, must be greater than or equal to 16",
    })
    void unusableSettingIsReportedInOneLine(String setting, String message) {
        var settings = new ArrayList<>(List.of(
                "server.port=0",
                "spring.main.register-shutdown-hook=false",
                "spring.flyway.connect-retries=0",
                "freshet.data-dir=" + folder));
        if (!setting.contains("postgres")) {
            settings.add("freshet.postgres.url=" + Stores.database());
        }
        settings.add(setting);
        var failure = catchThrowable(() -> new SpringApplicationBuilder(FreshetApplication.class)
                .initializers(context::set)
                .run(settings.stream().map(each -> "--" + each).toArray(String[]::new)));
        assertThat(failure).isNotNull();
        assertThat(new StartupFailureReporter(context.get()).line(failure))
                .contains(message)
                .hasLineCount(1);
    }
}
