package dev.freshet.stream;

/** Objects that all subscribers of an instance share. */
record StreamResources(Ring ring, CatchUp catchUp, StreamSettings settings, StreamMeters meters) {}
