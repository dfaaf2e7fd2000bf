package dev.freshet.platform.embedded;

/** What a commit promises. */
enum Durability {
    /** A commit that was answered survives a power cut. */
    POWER_CUT,

    /** A commit that was answered survives the end of this program only; for tests, which forget all of it anyway. */
    NONE;

    /** The value of PostgreSQL's switches that decide it. */
    String onOff() {
        return this == POWER_CUT ? "on" : "off";
    }
}
