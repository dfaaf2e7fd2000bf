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
 * The tags, authors and sources that the caller follows. Their articles are the feed {@code following=true}, as pages
 * and as a stream.
 */
@RestController
@RequestMapping("/api/v1/following")
@Tag(name = "Following")
class FollowingController {

    private final NameList<Follow> follows;

    FollowingController(NameList<Follow> follows) {
        this.follows = follows;
    }

    record All(List<Follow> items) {}

    @GetMapping
    @Operation(summary = "List the followed names, newest first")
    Mono<ResponseEntity<All>> list(@CurrentCaller Caller caller) {
        return follows.of(caller.id())
                .collectList()
                .map(all ->
                        ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(new All(all)));
    }

    @PutMapping("/{kind}/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Follow a tag, an author or a source",
            description = "Open streams include its articles from now on.")
    Mono<Void> follow(@PathVariable String kind, @PathVariable String name, @CurrentCaller Caller caller) {
        return follows.add(caller.id(), FeedKind.require(kind), name);
    }

    @DeleteMapping("/{kind}/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Unfollow a tag, an author or a source")
    Mono<Void> leave(@PathVariable String kind, @PathVariable String name, @CurrentCaller Caller caller) {
        return follows.remove(caller.id(), FeedKind.require(kind), name);
    }

    @PutMapping("/{kind}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Follow a name that a path can't carry",
            description = "For names such as .. and for clients that normalise paths.")
    Mono<Void> followNamed(@PathVariable String kind, @RequestParam String name, @CurrentCaller Caller caller) {
        return follow(kind, name, caller);
    }

    @DeleteMapping("/{kind}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Unfollow a name that a path can't carry")
    Mono<Void> leaveNamed(@PathVariable String kind, @RequestParam String name, @CurrentCaller Caller caller) {
        return leave(kind, name, caller);
    }
}
