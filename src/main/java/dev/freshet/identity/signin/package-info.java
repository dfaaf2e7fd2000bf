/** Signing in and up with a password, sessions of browsers, password resets by mail. */
@NullMarked
package dev.freshet.identity.signin;

import org.jspecify.annotations.NullMarked;
