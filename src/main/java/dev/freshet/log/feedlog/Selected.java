package dev.freshet.log.feedlog;

/**
 * An entry that a {@link Condition} selected.
 *
 * @param leaves whether the change took the article out of what the condition selects
 */
public record Selected(LogEntry entry, boolean leaves) {}
