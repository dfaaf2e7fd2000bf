// Checks a server with programs of others. .ci/graphql runs it before and after a restart of the server.
import { auditServer } from 'graphql-http';
import { createClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import WebSocket from 'ws';
import { readFileSync, writeFileSync } from 'node:fs';

const [run, url, token, state] = process.argv.slice(2);

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

// Publishes by a mutation over the socket, with the token in the connection's parameters.
async function publishBySocket(title) {
  const client = socketClient({ connectionParams: { Authorization: `Bearer ${token}` } });
  const results = client.iterate({
    query: 'mutation($title: String!) { createArticle(input: {title: $title, status: PUBLISHED}) { id } }',
    variables: { title },
  });
  for await (const { errors } of results) {
    if (errors) {
      fail(JSON.stringify(errors));
    }
  }
  await client.dispose();
}

function socketClient(options) {
  return createSocketClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, ...options });
}

// Follows all events over a socket, beyond restarts of the server: each connection resumes after the last event.
async function titlesBySocketUntil(awaited) {
  const variables = { since: 'earliest' };
  const client = socketClient({
    retryAttempts: 200,
    // Also while no server listens.
    shouldRetry: () => true,
    retryWait: () => new Promise(done => setTimeout(done, 500)),
  });
  const events = client.iterate({
    query: 'subscription($since: String) { events(since: $since) { type cursor article { title } } }',
    variables,
  });
  const titles = [];
  for await (const { data, errors } of events) {
    if (errors) {
      fail(JSON.stringify(errors));
    }
    variables.since = data.events.cursor ?? variables.since;
    if (data.events.article) {
      titles.push(data.events.article.title);
      writeFileSync(`${state}.open`, '');
    }
    if (titles.at(-1) === awaited) {
      return titles;
    }
  }
  return fail(`The socket ends before ${awaited}`);
}

if (run === 'first') {
  await audit();
  await publishBySocket('Before the restart');
  writeFileSync(state, (await titlesUntil('Before the restart', 'earliest')).cursor);
} else if (run === 'during') {
  const titles = await titlesBySocketUntil('After the restart');
  const ours = titles.filter(title => title.endsWith('the restart'));
  if (ours.length !== 2 || new Set(titles).size !== titles.length) {
    fail(`The client of graphql-ws receives ${titles}`);
  }
  console.log('The client of graphql-ws resumes after a restart');
} else {
  await publish('After the restart');
  const { titles } = await titlesUntil('After the restart', readFileSync(state, 'utf8'));
  if (titles.length !== 1) {
    fail(`The client of graphql-sse resumes with ${titles}`);
  }
  console.log('The client of graphql-sse resumes after a restart');
}
process.exit(0);
