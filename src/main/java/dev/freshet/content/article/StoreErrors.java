package dev.freshet.content.article;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.dao.UncategorizedDataAccessException;

/** Classifies errors of statements that write many rows. */
final class StoreErrors {

    private StoreErrors() {}

    /** Returns whether a single row may be the cause, so that the other rows can be written without it. */
    static boolean mayBeCausedByOneRow(Throwable error) {
        return error instanceof DataIntegrityViolationException
                || error instanceof InvalidDataAccessResourceUsageException
                || error instanceof UncategorizedDataAccessException;
    }

    /** Returns whether a concurrent transaction is the cause, so that a retry can succeed. */
    static boolean isConflict(Throwable error) {
        return error instanceof ConcurrencyFailureException || error instanceof DuplicateKeyException;
    }
}
