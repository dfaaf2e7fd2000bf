package dev.freshet.load.chaos;

import java.util.regex.Pattern;

/**
 * A decoded cursor. It is opaque to clients, but the test must look into it.
 *
 * @param epoch the epoch of the log, as the cursor writes it
 * @param seq the last event seen
 */
record Position(String epoch, long seq) {

    private static final Pattern TEXT = Pattern.compile("([0-9a-f]+)-([0-9]+)");

    static Position parse(String cursor) {
        var matcher = TEXT.matcher(cursor);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Not a cursor: " + cursor);
        }
        return new Position(matcher.group(1), Long.parseLong(matcher.group(2)));
    }

    @Override
    public String toString() {
        return epoch + "-" + seq;
    }
}
