package dev.freshet;

import dev.freshet.platform.FreshetSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Prints the first steps for the user once the server is ready. */
@Component
class WelcomeMessage {

    private static final Logger log = LoggerFactory.getLogger(WelcomeMessage.class);

    private final FreshetSettings settings;

    WelcomeMessage(FreshetSettings settings) {
        this.settings = settings;
    }

    @EventListener
    void tell(ApplicationReadyEvent ready) {
        if (ready.getApplicationContext() instanceof WebServerApplicationContext server
                && server.getWebServer() != null) {
            log.info(text(server.getWebServer().getPort()));
        }
    }

    private String text(int port) {
        return """
                Freshet is ready.

                  Read    http://localhost:%1$d/
                  Follow  curl -N -H 'Accept: text/event-stream' 'http://localhost:%1$d/api/v1/articles?since=earliest'
                  Data    %2$s
                  Stop    Ctrl-C
                """.formatted(port, settings.dataFolder());
    }
}
