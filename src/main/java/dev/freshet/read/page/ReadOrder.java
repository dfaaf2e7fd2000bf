package dev.freshet.read.page;

/** The direction in which a statement reads articles. */
enum ReadOrder {
    NEWEST_FIRST("desc", "<", ">", "-infinity", "00000000-0000-0000-0000-000000000000"),
    OLDEST_FIRST("asc", ">", "<", "infinity", "ffffffff-ffff-ffff-ffff-ffffffffffff");

    private final String sql;
    private final String after;
    private final String before;
    private final String endTime;
    private final String endId;

    ReadOrder(String sql, String after, String before, String endTime, String endId) {
        this.sql = sql;
        this.after = after;
        this.before = before;
        this.endTime = endTime;
        this.endId = endId;
    }

    /** Returns the operator between a key and one that is read before it. */
    String after() {
        return after;
    }

    /** Returns the operator between a key and one that is read after it. */
    String before() {
        return before;
    }

    /** Returns a time that no article is read after. */
    String endTime() {
        return endTime;
    }

    /** Returns an id that no article of the same time is read after. */
    String endId() {
        return endId;
    }

    /** Returns the direction in an {@code order by}. */
    @Override
    public String toString() {
        return sql;
    }
}
