package dev.freshet.content.source;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.freshet.platform.WireName;

/**
 * The state of a source.
 *
 * <ul>
 *   <li>Active becomes failing after several failed polls, and a success ends that.
 *   <li>The owner pauses a source, and resumes it.
 *   <li>A feed that is gone (410) ends it. The owner can resume it.
 * </ul>
 */
public enum SourceState implements WireName {
    /** It is polled. */
    ACTIVE,
    /** Polls fail, and continue. In the table this is an active one with a time. */
    FAILING,
    /** It is not polled until the owner resumes it. */
    PAUSED,
    /** The feed is gone. */
    ENDED;

    @JsonValue
    @Override
    public String toString() {
        return wireName();
    }
}
