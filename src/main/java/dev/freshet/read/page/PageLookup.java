package dev.freshet.read.page;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A page and the place where it was found.
 *
 * @param age time for which an outdated page has not been known to be valid; else null
 */
record PageLookup(RenderedPage page, Place place, @Nullable Duration age) {

    /** The places of pages; in metrics the tag {@code cache}. */
    enum Place {
        NEAR("near", "freshet; hit; detail=near"),
        REDIS("redis", "freshet; hit; detail=redis"),
        NONE("none", "freshet; fwd=miss"),
        OUTDATED("outdated", "freshet; hit; detail=outdated");

        private final String tag;
        private final String status;

        Place(String tag, String status) {
            this.tag = tag;
            this.status = status;
        }

        /** Returns the header Cache-Status (RFC 9211). */
        String status() {
            return status;
        }

        @Override
        public String toString() {
            return tag;
        }
    }

    PageLookup(RenderedPage page, Place place) {
        this(page, place, null);
    }
}
