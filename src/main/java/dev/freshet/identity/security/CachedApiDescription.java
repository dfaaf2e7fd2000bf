package dev.freshet.identity.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.SpringDocCustomizers;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.providers.SpringDocProviders;
import org.springdoc.core.service.AbstractRequestService;
import org.springdoc.core.service.GenericResponseService;
import org.springdoc.core.service.OpenAPIService;
import org.springdoc.core.service.OperationService;
import org.springdoc.webflux.api.OpenApiWebfluxResource;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/**
 * Returns the API description from memory. springdoc would create one for each language that a client names, and write it
 * again for each request. Called by one thread at a time.
 */
final class CachedApiDescription extends OpenApiWebfluxResource {

    private volatile @Nullable Mono<byte[]> json;
    private volatile @Nullable Mono<byte[]> yaml;

    CachedApiDescription(
            ObjectFactory<OpenAPIService> descriptions,
            AbstractRequestService requests,
            GenericResponseService responses,
            OperationService operations,
            SpringDocConfigProperties settings,
            SpringDocProviders providers,
            SpringDocCustomizers customizers) {
        super(descriptions, requests, responses, operations, settings, providers, customizers);
    }

    @Override
    public Mono<byte[]> openapiJson(ServerHttpRequest request, String path, Locale locale)
            throws JsonProcessingException {
        var cached = json;
        if (cached == null) {
            cached = super.openapiJson(request, path, Locale.ENGLISH).cache();
            json = cached;
        }
        return cached;
    }

    @Override
    public Mono<byte[]> openapiYaml(ServerHttpRequest request, String path, Locale locale)
            throws JsonProcessingException {
        var cached = yaml;
        if (cached == null) {
            cached = super.openapiYaml(request, path, Locale.ENGLISH).cache();
            yaml = cached;
        }
        return cached;
    }
}
