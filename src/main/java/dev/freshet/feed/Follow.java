package dev.freshet.feed;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.UUID;
import org.springframework.data.relational.core.mapping.Table;

/** A name that an account follows. */
@Table("following")
public record Follow(@JsonIgnore UUID account, String kind, String name, Instant since) implements ListedName {}
