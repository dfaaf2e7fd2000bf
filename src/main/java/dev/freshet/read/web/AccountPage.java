package dev.freshet.read.web;

/** The model of the caller's own page. */
record AccountPage(String assets, String name, String role) {}
