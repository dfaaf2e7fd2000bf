package dev.freshet;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;

/** The Freshet server. */
@SpringBootApplication(
        proxyBeanMethods = false,
        // These connect to localhost where no Redis is named; platform has them from freshet.redis.url.
        exclude = {DataRedisAutoConfiguration.class, DataRedisReactiveAutoConfiguration.class})
@ConfigurationPropertiesScan
public class FreshetApplication {

    /** Starts the server; it runs until the process is told to stop. */
    public static void main(String[] args) {
        SpringApplication.run(FreshetApplication.class, args);
    }
}
