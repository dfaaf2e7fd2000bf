package dev.freshet.platform.trace;

import io.micrometer.tracing.Tracer;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Turns traces on if an address is configured. */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

    @Bean
    Tracing tracing(Environment environment, BeanFactory beans) {
        return TracingSwitch.isOn(environment) ? new RecordedTracing(beans.getBean(Tracer.class)) : Tracing.OFF;
    }
}
