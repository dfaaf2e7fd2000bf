package dev.freshet.content.image;

import java.nio.file.Path;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Stores the bytes of images. Images are immutable; each name is written once. */
interface ImageStore {

    /** Stores a file under a name. May move the file. */
    Mono<Void> put(ImageName name, Path file);

    /** Stores the smaller sizes of an image. May move the files. */
    default Mono<Void> putSizes(ImageName name, EncodedImage image) {
        return Flux.fromIterable(image.sizes())
                .concatMap(size -> put(name.size(size.suffix()), size.file()))
                .then();
    }

    /** Returns the length of an image in bytes; empty if it does not exist. */
    Mono<Long> length(ImageName name);

    /** Reads a range of an existing image, on demand. Fails with a 404 problem if the image does not exist. */
    Flux<DataBuffer> read(ImageName name, long from, long count);

    /** Deletes an image if it exists. */
    Mono<Void> delete(ImageName name);
}
