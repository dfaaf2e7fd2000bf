package dev.freshet.feed;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * The tags, authors and sources that the caller mutes. Their articles are left out of the feed {@code following=true}, in
 * pages and in streams.
 */
@RestController
@RequestMapping("/api/v1/muted")
@Tag(name = "Following")
class MutedController {

    private final NameList<Mute> mutes;

    MutedController(NameList<Mute> mutes) {
        this.mutes = mutes;
    }

    record MutedNames(List<Mute> items) {}

    @GetMapping
    @Operation(summary = "List the muted names, newest first")
    Mono<ResponseEntity<MutedNames>> list(@CurrentCaller Caller caller) {
        return mutes.of(caller.id())
                .collectList()
                .map(all ->
                        ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(new MutedNames(all)));
    }

    @PutMapping("/{kind}/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Mute a tag, an author or a source",
            description = "The caller's followed feed leaves its articles out, in open streams too.")
    Mono<Void> mute(@PathVariable String kind, @PathVariable String name, @CurrentCaller Caller caller) {
        return mutes.add(caller.id(), FeedKind.require(kind), name);
    }

    @DeleteMapping("/{kind}/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Unmute a tag, an author or a source")
    Mono<Void> unmute(@PathVariable String kind, @PathVariable String name, @CurrentCaller Caller caller) {
        return mutes.remove(caller.id(), FeedKind.require(kind), name);
    }

    @PutMapping("/{kind}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Mute a name that a path can't carry",
            description = "For names such as .. and for clients that normalise paths.")
    Mono<Void> muteNamed(@PathVariable String kind, @RequestParam String name, @CurrentCaller Caller caller) {
        return mute(kind, name, caller);
    }

    @DeleteMapping("/{kind}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Unmute a name that a path can't carry")
    Mono<Void> unmuteNamed(@PathVariable String kind, @RequestParam String name, @CurrentCaller Caller caller) {
        return unmute(kind, name, caller);
    }
}
