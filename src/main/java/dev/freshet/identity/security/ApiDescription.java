package dev.freshet.identity.security;

import dev.freshet.identity.security.AccessRules.Access;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.SpringDocCustomizers;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.providers.SpringDocProviders;
import org.springdoc.core.service.AbstractRequestService;
import org.springdoc.core.service.GenericResponseService;
import org.springdoc.core.service.OpenAPIService;
import org.springdoc.core.service.OperationService;
import org.springdoc.webflux.api.OpenApiWebfluxResource;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.web.reactive.config.BlockingExecutionConfigurer;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/** The general part of the API description. A bean, so that springdoc finds it. */
@Configuration(proxyBeanMethods = false)
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Freshet",
                        version = "1",
                        description = "Publish articles, follow feeds. Errors are problem details (RFC 9457)."),
        // Relative, so that the description is the same for every request.
        servers = @Server(url = "/"))
@SecurityScheme(
        name = ApiDescription.TOKEN,
        type = SecuritySchemeType.HTTP,
        scheme = "bearer",
        bearerFormat = "JWT",
        description =
                "A token with the scope of the operation: articles:read, articles:write, account, accounts:manage or ops")
class ApiDescription {

    static final String TOKEN = "bearer";
    private static final int MAX_WAITING = 100;

    /** The executor of descriptions, one at a time, since springdoc reads class files. Inject it by this name. */
    @Bean(defaultCandidate = false)
    ThreadPoolTaskExecutor apiDescriptions() {
        var executor = new ThreadPoolTaskExecutor();
        executor.setThreadNamePrefix("api-description-");
        executor.setCorePoolSize(1);
        executor.setMaxPoolSize(1);
        executor.setAllowCoreThreadTimeOut(true);
        executor.setQueueCapacity(MAX_WAITING);
        return executor;
    }

    /** Marks the operations that require a token. */
    @Bean
    OpenApiCustomizer tokenRequirements(AccessRules rules) {
        var token = new SecurityRequirement().addList(TOKEN);
        return description -> description
                .getPaths()
                .forEach((path, item) -> item.readOperationsMap().forEach((method, operation) -> {
                    if (!(rules.of(HttpMethod.valueOf(method.name()), path) instanceof Access.Anonymous)) {
                        operation.addSecurityItem(token);
                    }
                }));
    }

    @Bean
    OpenApiWebfluxResource cachedApiDescription(
            ObjectFactory<OpenAPIService> descriptions,
            AbstractRequestService requests,
            GenericResponseService responses,
            OperationService operations,
            SpringDocConfigProperties settings,
            SpringDocProviders providers,
            SpringDocCustomizers customizers) {
        return new CachedApiDescription(
                descriptions, requests, responses, operations, settings, providers, customizers);
    }

    @Bean
    WebFluxConfigurer apiDescriptionsOffEventLoops(
            @Qualifier("apiDescriptions") ThreadPoolTaskExecutor apiDescriptions) {
        return new WebFluxConfigurer() {
            @Override
            public void configureBlockingExecution(BlockingExecutionConfigurer configurer) {
                configurer.setExecutor(apiDescriptions);
                configurer.setControllerMethodPredicate(
                        method -> OpenApiWebfluxResource.class.isAssignableFrom(method.getBeanType()));
            }
        };
    }
}
