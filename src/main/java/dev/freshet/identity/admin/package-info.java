/** Administration of accounts, and the first account of an empty database. */
@NullMarked
package dev.freshet.identity.admin;

import org.jspecify.annotations.NullMarked;
