package dev.freshet.content.image;

import java.nio.file.Path;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Where the bytes of images are. They never change; a name is written once. */
interface ImageStore {

    /** Keeps a file's bytes under a name; the file may be gone then. */
    Mono<Void> put(ImageName name, Path file);

    /** How many bytes an image has; empty where there is none. */
    Mono<Long> length(ImageName name);

    /** Reads a part of an image that there is, as fast as it is asked for. */
    Flux<DataBuffer> read(ImageName name, long from, long count);

    /** Deletes an image, if there is one. */
    Mono<Void> delete(ImageName name);
}
