/** Sign-in and sign-up with a password, browser sessions, and password resets by mail. */
@NullMarked
package dev.freshet.identity.signin;

import org.jspecify.annotations.NullMarked;
