package dev.freshet.stream;

/**
 * Objects that all subscribers of an instance share.
 *
 * @param searched the part of the ring for streams of searches
 */
record StreamResources(
        Ring ring, SearchedRing searched, CatchUp catchUp, StreamSettings settings, StreamMeters meters) {}
