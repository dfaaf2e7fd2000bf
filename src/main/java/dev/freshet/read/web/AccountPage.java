package dev.freshet.read.web;

/** What somebody's own page shows. */
record AccountPage(String assets, String name, String role) {}
