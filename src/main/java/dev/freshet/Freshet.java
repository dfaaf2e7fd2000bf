package dev.freshet;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The Freshet server. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class Freshet {

    /** Starts the server; it runs until the process is told to stop. */
    public static void main(String[] args) {
        SpringApplication.run(Freshet.class, args);
    }
}
