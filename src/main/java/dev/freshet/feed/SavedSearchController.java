package dev.freshet.feed;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The saved searches of the caller. Their articles are part of the feed {@code following=true}. */
@RestController
@RequestMapping("/api/v1/following/search")
@Tag(name = "Following")
class SavedSearchController {

    private final SavedSearches searches;

    SavedSearchController(SavedSearches searches) {
        this.searches = searches;
    }

    record SavedSearchList(List<SavedSearch> items) {}

    record SavedQuery(
            @Schema(example = "heron -otter") @Nullable String q) {}

    @GetMapping
    @Operation(summary = "List the saved searches by name")
    Mono<ResponseEntity<SavedSearchList>> list(@CurrentCaller Caller caller) {
        return searches.of(caller.id()).collectList().map(all -> notStored(new SavedSearchList(all)));
    }

    @GetMapping("/{name}")
    @Operation(summary = "Read a saved search")
    Mono<ResponseEntity<SavedSearch>> read(@PathVariable String name, @CurrentCaller Caller caller) {
        return searches.find(caller.id(), name).map(SavedSearchController::notStored);
    }

    @PutMapping("/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Save a search, or replace its query",
            description = "Its articles are part of the caller's followed feed, in open streams from now on.")
    Mono<Void> save(@PathVariable String name, @RequestBody SavedQuery search, @CurrentCaller Caller caller) {
        return searches.save(caller.id(), name, search.q());
    }

    @DeleteMapping("/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a saved search with its address")
    Mono<Void> delete(@PathVariable String name, @CurrentCaller Caller caller) {
        return searches.remove(caller.id(), name);
    }

    @PostMapping("/{name}/address")
    @Operation(
            summary = "Give a saved search a new secret address",
            description = "Feed readers need no token for it. The former address is invalid from now on.")
    Mono<ResponseEntity<SearchAddress>> renewAddress(@PathVariable String name, @CurrentCaller Caller caller) {
        return searches.renewAddress(caller.id(), name).map(SavedSearchController::notStored);
    }

    @DeleteMapping("/{name}/address")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Make the secret address of a saved search invalid")
    Mono<Void> deleteAddress(@PathVariable String name, @CurrentCaller Caller caller) {
        return searches.removeAddress(caller.id(), name);
    }

    private static <T> ResponseEntity<T> notStored(T body) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
    }
}
