package dev.freshet.content.source;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * The claim of an instance on a host.
 *
 * @param fence the number of the claim
 * @param wakes count of changes of its sources by their owners
 */
@Table("polled_host")
record HostClaim(@Id String host, long fence, long wakes) {}
