package dev.freshet.stream;

import dev.freshet.feed.OpenFollows;

/**
 * Objects that all subscribers of an instance share.
 *
 * @param searched the part of the ring for streams of searches
 * @param follows the names that the accounts of open streams follow
 */
record StreamResources(
        Ring ring,
        SearchedRing searched,
        OpenFollows follows,
        CatchUp catchUp,
        StreamSettings settings,
        StreamMeters meters) {}
