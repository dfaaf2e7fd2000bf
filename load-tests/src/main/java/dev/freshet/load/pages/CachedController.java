package dev.freshet.load.pages;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A peer: a controller that returns the recorded bytes and headers behind the defaults of Spring Boot, with its
 * security chain and observations. Spring evaluates {@code If-None-Match} by the entity tag.
 */
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = R2dbcAutoConfiguration.class)
@RestController
class CachedController {

    private final RecordedResponse page = RecordedResponse.read(System.getenv("PAGE"));

    public static void main(String... args) {
        new SpringApplicationBuilder(CachedController.class)
                .properties("logging.level.root=warn", "spring.main.banner-mode=off")
                .run(args);
    }

    @Bean
    SecurityWebFilterChain permitAll(ServerHttpSecurity http) {
        return http.authorizeExchange(paths -> paths.anyExchange().permitAll()).build();
    }

    @GetMapping(Requests.PATH)
    ResponseEntity<byte[]> page() {
        return ResponseEntity.ok()
                .headers(headers -> page.headers().forEach(headers::addAll))
                .body(page.body());
    }
}
