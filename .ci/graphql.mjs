// Checks a server with programs of others. .ci/graphql runs it before and after a restart of the server.
import { auditServer } from 'graphql-http';
import { createClient } from 'graphql-sse';
import { readFileSync, writeFileSync } from 'node:fs';

const [run, url, token, cursorFile] = process.argv.slice(2);

function fail(message) {
  console.error(message);
  process.exit(1);
}

setTimeout(() => fail('The checks do not end'), 120_000).unref();

async function audit() {
  const results = await auditServer({ url });
  const failed = results.filter(result => result.status !== 'ok');
  for (const { id, name, reason } of failed) {
    console.error(`${id} ${name}: ${reason}`);
  }
  if (failed.length > 0 || results.length < 61) {
    fail(`${failed.length} of ${results.length} audits of graphql-http fail`);
  }
  console.log(`${results.length} audits of graphql-http pass`);
}

async function publish(title) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({
      query: 'mutation($title: String!) { createArticle(input: {title: $title, status: PUBLISHED}) { id } }',
      variables: { title },
    }),
  });
  const { errors } = await response.json();
  if (errors) {
    fail(JSON.stringify(errors));
  }
}

// Returns the titles of the events after a cursor, up to the awaited one, and the cursor of that event.
async function titlesUntil(awaited, since) {
  const titles = [];
  const client = createClient({ url, retryAttempts: 0 });
  const events = client.iterate({
    query: 'subscription($since: String) { events(since: $since) { cursor article { title } } }',
    variables: { since },
  });
  for await (const { data, errors } of events) {
    if (errors) {
      fail(JSON.stringify(errors));
    }
    titles.push(data.events.article?.title);
    if (titles.at(-1) === awaited) {
      client.dispose();
      return { titles, cursor: data.events.cursor };
    }
  }
  return fail(`The stream ends before ${awaited}`);
}

if (run === 'first') {
  await audit();
  await publish('Before the restart');
  writeFileSync(cursorFile, (await titlesUntil('Before the restart', 'earliest')).cursor);
} else {
  await publish('After the restart');
  const { titles } = await titlesUntil('After the restart', readFileSync(cursorFile, 'utf8'));
  if (titles.length !== 1) {
    fail(`The client resumes with ${titles}`);
  }
  console.log('The client of graphql-sse resumes after a restart');
}
process.exit(0);
