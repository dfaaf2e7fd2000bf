package dev.freshet.feed;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.UUID;
import org.springframework.data.relational.core.mapping.Table;

/** A name whose articles are left out of the followed feed of an account. */
@Table("muted")
public record Mute(@JsonIgnore UUID account, String kind, String name, Instant since) implements ListedName {}
