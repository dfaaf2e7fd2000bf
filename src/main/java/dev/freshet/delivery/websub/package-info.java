/**
 * A hub of WebSub (W3C): its topics are the feeds of this server in Atom, RSS and JSON Feed. A request for a subscription is
 * verified at its callback, and is then a subscription like others, without an owner and with an end.
 */
@NullMarked
package dev.freshet.delivery.websub;

import org.jspecify.annotations.NullMarked;
