package dev.freshet.platform;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.validation.Errors;
import org.springframework.validation.SmartValidator;
import org.springframework.validation.beanvalidation.SpringValidatorAdapter;

/**
 * Validates settings and drafts with one validator. Spring Boot would build one for each of both, and read the constraints of
 * all settings again in each instance of a JVM.
 */
@Configuration(proxyBeanMethods = false)
class ValidationConfiguration {

    private static final ValidatorFactory FACTORY = Validation.buildDefaultValidatorFactory();

    @Bean
    static Validator validator() {
        return FACTORY.getValidator();
    }

    // Otherwise each start warns that the proxies of other beans do not apply to it.
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    @Bean(EnableConfigurationProperties.VALIDATOR_BEAN_NAME)
    static SettingsValidator settingsValidator() {
        return new SettingsValidator(new SpringValidatorAdapter(FACTORY.getValidator()));
    }

    /** Validates the settings of Freshet, which need no annotation for that. */
    record SettingsValidator(SmartValidator validator) implements org.springframework.validation.Validator {

        private static final String PROGRAM = "dev.freshet.";

        @Override
        public boolean supports(Class<?> type) {
            return type.getName().startsWith(PROGRAM);
        }

        @Override
        public void validate(Object settings, Errors errors) {
            validator.validate(settings, errors);
        }
    }
}
