package dev.freshet.load.chaos;

import dev.freshet.load.Pause;
import java.io.IOException;
import java.util.List;

/** A fault that lasts for a while and is then repaired. */
enum Fault {
    /** An instance dies. */
    INSTANCE_KILL(Place.INSTANCE, (stage, step) -> {
        stage.instance(step.which()).end("KILL");
        Pause.of(step.length());
        stage.heal(step.which());
    }),
    /** An instance is stopped and started again. */
    INSTANCE_RESTART(Place.INSTANCE, (stage, step) -> {
        stage.note(stage.instance(step.which()).end("TERM"));
        stage.heal(step.which());
    }),
    /** An instance hangs with all its connections open. */
    INSTANCE_STOP(Place.INSTANCE, (stage, step) -> {
        stage.instance(step.which()).signal("STOP");
        Pause.of(step.length());
        stage.instance(step.which()).signal("CONT");
    }),
    /** All clients lose their connections. */
    CLIENTS_CUT(Place.CLIENTS, (stage, step) -> stage.clients().cut(index -> true)),
    /** Some clients lose their connections. */
    CLIENTS_CUT_SOME(Place.CLIENTS, (stage, step) -> stage.clients().cut(index -> index % 3 == step.which())),
    /** No traffic passes between clients and instances. */
    CLIENTS_STALL(Place.CLIENTS, (stage, step) -> {
        stage.clients().stall(true);
        Pause.of(step.length());
        stage.clients().stall(false);
    }),
    /** An instance is disconnected from PostgreSQL. */
    POSTGRES_CUT(Place.POSTGRES_LINK, (stage, step) -> {
        stage.toPostgres(step.which()).refuse(true);
        Pause.of(step.length());
        stage.toPostgres(step.which()).refuse(false);
    }),
    /** No traffic passes between an instance and PostgreSQL. */
    POSTGRES_STALL(Place.POSTGRES_LINK, (stage, step) -> {
        stage.toPostgres(step.which()).stall(true);
        Pause.of(step.length());
        stage.toPostgres(step.which()).stall(false);
    }),
    /** PostgreSQL crashes. */
    POSTGRES_KILL(Place.POSTGRES, (stage, step) -> {
        stage.postgres().end("KILL");
        Pause.of(step.length().dividedBy(2));
        stage.startPostgres();
    }),
    /** PostgreSQL is restarted in good order. */
    POSTGRES_RESTART(Place.POSTGRES, (stage, step) -> {
        stage.postgres().end("INT");
        stage.startPostgres();
    }),
    /** An instance is disconnected from Redis. */
    REDIS_CUT(Place.REDIS_LINK, (stage, step) -> {
        stage.toRedis(step.which()).refuse(true);
        Pause.of(step.length());
        stage.toRedis(step.which()).refuse(false);
    }),
    /** No traffic passes between an instance and Redis. */
    REDIS_STALL(Place.REDIS_LINK, (stage, step) -> {
        stage.toRedis(step.which()).stall(true);
        Pause.of(step.length());
        stage.toRedis(step.which()).stall(false);
    }),
    /** Redis hangs. */
    REDIS_STOP(Place.REDIS, (stage, step) -> {
        stage.redis().primary().signal("STOP");
        Pause.of(step.length());
        stage.redis().primary().signal("CONT");
    }),
    /** Redis dies and returns with an empty store. */
    REDIS_KILL(Place.REDIS, (stage, step) -> {
        stage.redis().primary().end("KILL");
        Pause.of(step.length().dividedBy(2));
        stage.redis().restart();
    }),
    /** Redis dies and its replica takes over with the data that it had received. */
    REDIS_FAILOVER(Place.REDIS, (stage, step) -> {
        stage.redis().primary().end("KILL");
        Pause.of(step.length().dividedBy(4));
        stage.redis().promote();
        stage.leadToPrimary();
        Pause.of(step.length().dividedBy(4));
        stage.redis().rejoin();
    }),
    /** All copies are lost. */
    REDIS_FLUSH(Place.REDIS, (stage, step) -> stage.redis().flush()),
    /** The broker of Kafka dies. */
    KAFKA_KILL(Place.KAFKA, (stage, step) -> {
        stage.brokers().kafka().kill();
        Pause.of(step.length().dividedBy(2));
        stage.brokers().kafka().start();
    }),
    /** The instances are disconnected from Kafka. */
    KAFKA_CUT(Place.KAFKA_LINK, (stage, step) -> {
        stage.brokers().toKafka().refuse(true);
        Pause.of(step.length());
        stage.brokers().toKafka().refuse(false);
    }),
    /** No traffic passes between the instances and Kafka. */
    KAFKA_STALL(Place.KAFKA_LINK, (stage, step) -> {
        stage.brokers().toKafka().stall(true);
        Pause.of(step.length());
        stage.brokers().toKafka().stall(false);
    }),
    /** RabbitMQ dies. */
    RABBITMQ_KILL(Place.RABBITMQ, (stage, step) -> {
        stage.brokers().rabbitMq().kill();
        Pause.of(step.length().dividedBy(2));
        stage.brokers().rabbitMq().start();
    }),
    /** The instances are disconnected from RabbitMQ. */
    RABBITMQ_CUT(Place.RABBITMQ_LINK, (stage, step) -> {
        stage.brokers().toRabbitMq().refuse(true);
        Pause.of(step.length());
        stage.brokers().toRabbitMq().refuse(false);
    }),
    /** No traffic passes between the instances and RabbitMQ. */
    RABBITMQ_STALL(Place.RABBITMQ_LINK, (stage, step) -> {
        stage.brokers().toRabbitMq().stall(true);
        Pause.of(step.length());
        stage.brokers().toRabbitMq().stall(false);
    }),
    /** The log gets a new epoch, so that every reader must be reset once. */
    HISTORY(Place.HISTORY, (stage, step) -> stage.startHistory());

    /** The place of a fault. Two faults at the same place never overlap. */
    enum Place {
        INSTANCE(true),
        CLIENTS(false),
        POSTGRES_LINK(true),
        POSTGRES(false),
        REDIS_LINK(true),
        REDIS(false),
        KAFKA(false),
        KAFKA_LINK(false),
        RABBITMQ(false),
        RABBITMQ_LINK(false),
        HISTORY(false);

        private final boolean perInstance;

        Place(boolean perInstance) {
            this.perInstance = perInstance;
        }
    }

    private interface Happening {
        void happen(Stage stage, Plan.Step step) throws IOException, InterruptedException;
    }

    /** Returns the faults that are never a reason for a reset. */
    static final List<Fault> USUAL =
            List.of(values()).stream().filter(fault -> fault != HISTORY).toList();

    private final Place place;
    private final Happening happening;

    Fault(Place place, Happening happening) {
        this.place = place;
        this.happening = happening;
    }

    Place place() {
        return place;
    }

    /** Describes the thing that this fault breaks. */
    String place(int which) {
        return place.perInstance ? place + " " + which : place.toString();
    }

    /** Causes the fault, and returns when it is repaired. */
    void happen(Stage stage, Plan.Step step) throws IOException, InterruptedException {
        happening.happen(stage, step);
    }
}
