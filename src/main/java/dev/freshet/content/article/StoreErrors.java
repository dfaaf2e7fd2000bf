package dev.freshet.content.article;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.dao.UncategorizedDataAccessException;

/** What a failed write of many articles says about each of them. */
final class StoreErrors {

    private StoreErrors() {}

    /** Whether it may be the fault of one row, so that the others can be written without it. */
    static boolean mayBeOneRow(Throwable error) {
        return error instanceof DataIntegrityViolationException
                || error instanceof InvalidDataAccessResourceUsageException
                || error instanceof UncategorizedDataAccessException;
    }

    /** Whether somebody else was quicker, or waits for what this write held. */
    static boolean mayPassNextTime(Throwable error) {
        return error instanceof ConcurrencyFailureException || error instanceof DuplicateKeyException;
    }
}
