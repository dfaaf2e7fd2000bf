package dev.freshet.stream;

import dev.freshet.stream.StreamAdministration.OpenStreams;
import io.swagger.v3.oas.annotations.Operation;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The open streams of this instance, for operators. */
@RestController
@RequestMapping("/api/v1/streams")
class StreamController {

    private final StreamAdministration streams;

    StreamController(StreamAdministration streams) {
        this.streams = streams;
    }

    @GetMapping
    @Operation(summary = "List the open streams of this instance, oldest first; requires the scope ops")
    Mono<OpenStreams> list(
            @RequestParam(defaultValue = "0") String after, @RequestParam(defaultValue = "100") int limit) {
        return streams.list(after, limit);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "End a stream of this instance and send the reason to its client; requires the scope ops")
    Mono<Void> close(@PathVariable String id) {
        return streams.close(id);
    }
}
