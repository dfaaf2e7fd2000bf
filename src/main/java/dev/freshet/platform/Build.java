package dev.freshet.platform;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;

/** Identifies the build of this program, so that a page rendered by another build counts as changed. */
@Component
public final class Build {

    private final String id;

    Build(ObjectProvider<BuildProperties> properties) {
        this.id = id(properties.getIfAvailable());
    }

    /** Returns the id of the build: lower-case letters and digits. */
    public String id() {
        return id;
    }

    private static String id(@Nullable BuildProperties build) {
        var time = build == null ? null : build.getTime();
        return time == null ? "0" : Long.toString(time.toEpochMilli(), Character.MAX_RADIX);
    }
}
