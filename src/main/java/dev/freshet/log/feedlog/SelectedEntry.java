package dev.freshet.log.feedlog;

/**
 * An entry that a {@link Condition} selected.
 *
 * @param leaves whether the change removed the article from the selection
 */
public record SelectedEntry(LogEntry entry, boolean leaves) {}
