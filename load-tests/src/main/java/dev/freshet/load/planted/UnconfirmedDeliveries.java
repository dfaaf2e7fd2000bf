package dev.freshet.load.planted;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import reactor.core.publisher.Mono;

/**
 * Reports each delivery of a subscription as confirmed, whatever its result. So the cursor moves without a confirmation, as
 * in a program that saves it before the delivery.
 */
public final class UnconfirmedDeliveries implements BeanPostProcessor {

    /** The name of this fault. */
    public static final String NAME = "UNCONFIRMED_DELIVERIES";

    private static final String TARGET_TYPE = "dev.freshet.delivery.TargetType";
    private static final String DELIVERED = "dev.freshet.delivery.Outcome$Delivered";

    private final boolean planted;

    UnconfirmedDeliveries(boolean planted) {
        this.planted = planted;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (!planted) {
            return bean;
        }
        return Arrays.stream(bean.getClass().getInterfaces())
                .filter(type -> type.getName().equals(TARGET_TYPE))
                .findFirst()
                .map(type -> Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> call(bean, method, arguments)))
                .orElse(bean);
    }

    private static Object call(Object target, Method method, @Nullable Object[] arguments) throws Throwable {
        Object result;
        try {
            result = method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (!method.getName().equals("deliver")) {
            return result;
        }
        var delivered = Class.forName(DELIVERED, true, target.getClass().getClassLoader())
                .getDeclaredConstructor()
                .newInstance();
        return ((Mono<?>) result).thenReturn(delivered);
    }
}
