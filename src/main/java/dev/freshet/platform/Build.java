package dev.freshet.platform;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;

/** The build of this program, so that what an older one rendered is not taken for unchanged. */
@Component
public final class Build {

    private final String id;

    Build(ObjectProvider<BuildProperties> properties) {
        this.id = id(properties.getIfAvailable());
    }

    /** Identifies the build: lower-case letters and digits. */
    public String id() {
        return id;
    }

    private static String id(@Nullable BuildProperties build) {
        var time = build == null ? null : build.getTime();
        return time == null ? "0" : Long.toString(time.toEpochMilli(), Character.MAX_RADIX);
    }
}
