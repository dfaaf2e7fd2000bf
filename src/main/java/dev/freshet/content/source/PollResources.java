package dev.freshet.content.source;

import dev.freshet.content.intake.Importer;
import dev.freshet.identity.account.Accounts;
import dev.freshet.platform.outbound.DocumentFetcher;

/** The parts that all polls of an instance share. */
record PollResources(
        Accounts accounts, DocumentFetcher documents, FeedReader reader, Importer importer, SourceSettings settings) {}
