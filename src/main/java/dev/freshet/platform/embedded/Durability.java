package dev.freshet.platform.embedded;

/** The guarantee of a commit. */
enum Durability {
    /** An acknowledged commit survives a power failure. */
    POWER_CUT,

    /** An acknowledged commit survives only the end of this program. For tests, which discard the data. */
    NONE;

    /** Returns the value of PostgreSQL's settings that matter only to data that last. */
    String onOff() {
        return this == POWER_CUT ? "on" : "off";
    }
}
