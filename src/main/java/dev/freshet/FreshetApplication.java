package dev.freshet;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

/** The Freshet server. */
@SpringBootApplication(
        proxyBeanMethods = false,
        // These auto-configurations connect to localhost where no Redis is named; platform.store creates the
        // connections from freshet.redis.url. platform creates the validator.
        exclude = {
            DataRedisAutoConfiguration.class,
            DataRedisReactiveAutoConfiguration.class,
            ValidationAutoConfiguration.class
        })
@ConfigurationPropertiesScan
public class FreshetApplication {

    /** Starts the server, which runs until the process is stopped. */
    public static void main(String[] args) {
        SpringApplication.run(FreshetApplication.class, args);
    }
}
