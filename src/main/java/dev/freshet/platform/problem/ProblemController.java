package dev.freshet.platform.problem;

import com.samskivert.mustache.Escapers;
import dev.freshet.platform.WireName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Explains the types of problem details. */
@RestController
@Tag(name = "Problems")
class ProblemController {

    private record Explanation(String type, int status, String title, String hint) {}

    @GetMapping("/problems/{slug}")
    @Operation(summary = "Explain a type of problem", description = "As HTML to clients that accept it, else as JSON.")
    ResponseEntity<?> explain(@PathVariable String slug, ServerHttpRequest request) {
        var problem = WireName.parse(Problem.class, slug)
                .orElseThrow(() -> Problem.NOT_FOUND.because("No problem has this name."));
        if (request.getHeaders().getAccept().stream()
                .anyMatch(type -> type.isConcrete() && type.equalsTypeAndSubtype(MediaType.TEXT_HTML))) {
            return ResponseEntity.ok().contentType(MediaType.TEXT_HTML).body(html(problem));
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(new Explanation(
                        problem.type().toString(), problem.status().value(), problem.title(), problem.hint()));
    }

    private static String html(Problem problem) {
        return """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>%1$s</title>
                <meta name="viewport" content="width=device-width"></head>
                <body><h1>%1$s</h1><p>HTTP status %2$d</p><p>%3$s</p></body></html>
                """.formatted(
                Escapers.HTML.escape(problem.title()), problem.status().value(), Escapers.HTML.escape(problem.hint()));
    }
}
