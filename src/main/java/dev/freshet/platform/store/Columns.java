package dev.freshet.platform.store;

import io.r2dbc.spi.Readable;
import java.util.Objects;

/** Reads columns of rows that are never null. */
public final class Columns {

    private Columns() {}

    /** Returns the value of a column; throws NullPointerException with its name if it is null. */
    public static <T> T require(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }

    /** Returns the number in a column; throws NullPointerException with its name if it is null. */
    public static long number(Readable row, String column) {
        return require(row, column, Long.class);
    }
}
