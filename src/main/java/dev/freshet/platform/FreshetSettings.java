package dev.freshet.platform;

import jakarta.validation.constraints.NotBlank;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the program as a whole. The settings of articles share the prefix; their record is in {@code
 * content.article}, which this layer cannot use.
 *
 * @param dataDir the folder of all data of this instance: embedded stores, keys and the first token. It is created when
 *      absent, readable by its owner only
 */
@ConfigurationProperties("freshet")
public record FreshetSettings(
        @NotBlank @DefaultValue("./.freshet") String dataDir) {

    /** Returns the absolute path of the data folder, which may not exist yet. */
    public Path dataFolder() {
        return Path.of(dataDir).toAbsolutePath().normalize();
    }
}
