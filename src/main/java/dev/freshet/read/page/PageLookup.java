package dev.freshet.read.page;

import dev.freshet.platform.WireName;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A page and the place where it was found.
 *
 * @param age time for which an outdated page has not been known to be valid; else null
 */
record PageLookup(RenderedPage page, Place place, @Nullable Duration age) {

    /** The places of pages; in metrics the tag {@code cache}. */
    enum Place implements WireName {
        NEAR,
        REDIS,
        NONE,
        OUTDATED;

        /** Returns the header Cache-Status (RFC 9211). */
        String status() {
            return this == NONE ? "freshet; fwd=miss" : "freshet; hit; detail=" + this;
        }

        @Override
        public String toString() {
            return wireName();
        }
    }

    PageLookup(RenderedPage page, Place place) {
        this(page, place, null);
    }
}
