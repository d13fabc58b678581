// example/01_graph_tokens against oidc-provider, from the authorize URL to the tokens and, a second time, to the renewed tokens; and a client by HTTP Basic.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { signIn, visit } from './user.mjs';

const { PROGRAM: program, BASIC_CLIENT: basicClient, MODULES: modules, SCRATCH: scratch } = process.env;
const ca = readFileSync(`${scratch}/ca.pem`);
const tls = ['--key', `${scratch}/server.key`, '--certificate', `${scratch}/server.pem`];

/** A provider of its own: { origin, port, end() }. */
async function provider(...flags) {
  const child = spawn(process.execPath, [new URL('provider.mjs', import.meta.url).pathname, modules, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  let warnings = '';
  child.stderr.on('data', (part) => { warnings += part; });
  const origin = await new Promise((resolve, reject) => {
    child.stdout.once('data', (line) => resolve(JSON.parse(line).origin));
    child.once('exit', () => reject(new Error(`the provider did not start: ${warnings}`)));
  });
  return { origin, port: new URL(origin).port, end: () => new Promise((ended) => { child.once('exit', ended); child.kill('SIGTERM'); }) };
}

/** Run the program. `atUrl(url, child)` is called when it has printed the URL to sign in at, on whichever stream. */
function run(flags, { command = program, environment = {}, atUrl = () => assert.fail('it asked for a sign-in') } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, flags, { env: { PATH: process.env.PATH, HOME: scratch, ...environment }, stdio: ['pipe', 'pipe', 'pipe'] });
    const clock = setTimeout(() => child.kill('SIGKILL'), 30000);
    let out = '', messages = '', asked = false;
    child.stdin.on('error', () => {});
    const lookForUrl = (text) => {
      const url = /^(?: {2})?(https?:\S+)\n/m.exec(text)?.[1];
      if (!url || asked) return;
      asked = true;
      Promise.resolve(atUrl(url, child)).catch((why) => { child.kill('SIGKILL'); reject(why); });
    };
    child.stdout.on('data', (part) => { out += part; lookForUrl(out); });
    child.stderr.on('data', (part) => { messages += part; lookForUrl(messages); });
    child.on('close', (status, signal) => { clearTimeout(clock); resolve({ status, signal, out, messages }); });
  });
}

const newStore = () => `${mkdtempSync(`${scratch}/store-`)}/tokens`;
const common = ['--scope', 'openid offline_access profile Bookings.ReadWrite.All', '--no-browser', '--prompt', 'consent'];
const byReceiver = (options) => async (url) => {
  const end = await signIn(url, options);
  assert.ok(end.form && !end.href.includes('?'), 'the answer is posted, and stands in no URL');
  assert.match((await visit(end)).text, /<html/);
};
const byPaste = (choose = (redirect) => redirect) => async (url, child) => { child.stdin.end(`${choose(await signIn(url))}\n`); };

/** What the program must print after a success; returns it as an object. */
function tokensOf({ status, out, messages }) {
  assert.equal(status, 0, messages);
  const tokens = JSON.parse(out);
  assert.equal(out.trim().split('\n').length, 1, 'one object, nothing else');
  assert.equal(tokens.token_type, 'Bearer');
  assert.equal(tokens.expires_in, 3600);
  assert.equal(tokens.ext_expires_in, 3600);
  assert.equal(tokens.expires_on - tokens.not_before, 3600);
  assert.ok(Math.abs(tokens.not_before - Date.now() / 1000) < 60);
  assert.equal(tokens.resource, 'https://graph.microsoft.com');
  assert.deepEqual(tokens.x_unknown, { kept: [1, true, null] });
  for (const name of ['access_token', 'refresh_token', 'id_token', 'scope', 'client_info']) assert.equal(typeof tokens[name], 'string', name);
  assert.ok(!messages.includes(tokens.access_token) && !messages.includes(tokens.refresh_token), 'no token on standard error');
  return tokens;
}

function keptSafely(store) {
  assert.equal(statSync(store).mode & 0o777, 0o700);
  const files = readdirSync(store);
  assert.equal(files.filter((name) => name.endsWith('.json')).length, 1);
  for (const name of files) assert.equal(statSync(`${store}/${name}`).mode & 0o077, 0, name);
}

for (const [name, flags, trust] of [['http', [], []], ['https with a CA of its own', tls, ['--ca-file', `${scratch}/ca.pem`]], ['http, numbers as strings', ['--strings'], []]]) {
  test(`a public client over ${name}: signs in, and the second run renews`, async () => {
    const idp = await provider(...flags);
    try {
      const store = newStore();
      const settings = [...common, ...trust, '--authority', `${idp.origin}/contoso`, '--client-id', 'public', '--redirect-uri', 'http://localhost/', '--store', store];
      const first = tokensOf(await run(settings, { atUrl: byReceiver({ ca }) }));
      keptSafely(store);
      const second = tokensOf(await run(settings));
      assert.notEqual(second.access_token, first.access_token);
      assert.notEqual(second.refresh_token, first.refresh_token, 'rotated');
      const third = tokensOf(await run(settings));
      assert.notEqual(third.refresh_token, second.refresh_token, 'what was stored is the newest');
      keptSafely(store);
    } finally { await idp.end(); }
  });
}

test('a server without form_post: the answer comes in the URL', async () => {
  const idp = await provider();
  try {
    const settings = [...common, '--authority', `${idp.origin}/contoso`, '--client-id', 'public', '--redirect-uri', 'http://localhost/', '--store', newStore(), '--response-mode', 'query'];
    tokensOf(await run(settings, { atUrl: async (url) => {
      const end = await signIn(url);
      assert.match(end, /\?code=/);
      assert.match((await visit(end)).text, /<html/);
    } }));
  } finally { await idp.end(); }
});

describe('over http', () => {
  let idp;
  before(async () => { idp = await provider(); });
  after(() => idp.end());
  const settings = (store = newStore()) => [...common, '--authority', `${idp.origin}/contoso`, '--client-id', 'public', '--redirect-uri', 'http://127.0.0.1/', '--store', store];
  const confidential = (store = newStore()) => [...common, '--client-id', 'post', '--redirect-uri', 'https://app.example/cb', '--store', store];
  const environment = (secret) => ({ AUTHORITY: `${idp.origin}/contoso`, CLIENT_SECRET: secret });

  test('a confidential client: the whole URL is pasted, the secret comes from the environment', async () => {
    const store = newStore();
    tokensOf(await run(confidential(store), { environment: environment('secret-post-0123456789'), atUrl: byPaste() }));
    tokensOf(await run(confidential(store), { environment: environment('secret-post-0123456789') }));
  });

  test('a bare code is pasted: it works, and says that state was not checked', async () => {
    const done = await run(confidential(), { environment: environment('secret-post-0123456789'), atUrl: byPaste((url) => new URL(url).searchParams.get('code')) });
    tokensOf(done);
    assert.match(done.messages, /state could not be checked/);
  });

  test('a wrong secret: wrong settings', async () => {
    const done = await run(confidential(), { environment: environment('not-the-secret'), atUrl: byPaste() });
    assert.equal(done.status, 2, done.messages);
    assert.match(done.messages, /invalid_client/);
    assert.ok(!done.messages.includes('not-the-secret'));
    assert.equal(done.out, '');
  });

  test('a code that was changed: refused, and the code is not shown', async () => {
    const done = await run(confidential(), { environment: environment('secret-post-0123456789'), atUrl: byPaste((url) => url.replace(/code=[^&]*/, 'code=wrong-code-0123456789')) });
    assert.equal(done.status, 3, done.messages);
    assert.match(done.messages, /invalid_grant/);
    assert.ok(!done.messages.includes('wrong-code-0123456789'));
  });

  test('the answer to another sign-in: refused', async () => {
    const done = await run(confidential(), { environment: environment('secret-post-0123456789'),
      atUrl: async (url, child) => child.stdin.end(`${(await signIn(url)).replace(/state=[^&]*/, 'state=another')}\n`) });
    assert.equal(done.status, 3, done.messages);
    assert.match(done.messages, /state differs/);
  });

  test('the answer of another server: refused (RFC 9207)', async () => {
    const done = await run(confidential(), { environment: environment('secret-post-0123456789'),
      atUrl: async (url, child) => child.stdin.end(`${(await signIn(url)).replace(/iss=[^&]*/, 'iss=https%3A%2F%2Fevil.example')}\n`) });
    assert.notEqual(done.status, 0);
    assert.match(done.messages, /another issuer/);
  });

  test('the user aborts: not signed in', async () => {
    const done = await run(settings(), { atUrl: byReceiver({ abort: true }) });
    assert.equal(done.status, 3, done.messages);
    assert.match(done.messages, /access_denied/);
  });

  test('a stranger at the loopback port changes nothing', async () => {
    tokensOf(await run(settings(), { atUrl: async (url) => {
      const port = new URL(new URL(url).searchParams.get('redirect_uri')).port;
      for (const path of ['/favicon.ico', '/', '/?code=x&state=wrong', '/?error=access_denied']) await visit(`http://127.0.0.1:${port}${path}`);
      await byReceiver()(url);
    } }));
  });

  test('the provider has forgotten the session: the user is asked again', async () => {
    const store = newStore();
    tokensOf(await run(settings(store), { atUrl: byReceiver() }));
    const { port } = idp;
    await idp.end();
    idp = await provider('--port', port);
    const done = await run(settings(store), { atUrl: byReceiver() });
    tokensOf(done);
    assert.match(done.messages, /The session has ended/);
  });

  test('the provider is down: it may pass, and the session is kept', async () => {
    const store = newStore();
    tokensOf(await run(settings(store), { atUrl: byReceiver() }));
    const { port } = idp;
    await idp.end();
    const done = await run(settings(store));
    assert.equal(done.status, 1, done.messages);
    assert.match(done.messages, /no connection/);
    keptSafely(store);
    idp = await provider('--port', port);
  });
});

// RFC 6749 2.3.1: by HTTP Basic, with an id and a secret that must be encoded, and at a server that takes them as they are.
describe('HTTP Basic', () => {
  const odd = { id: 'web basic:1', secret: 'p+a%s s&:=0123456789' }, plain = { id: 'basic', secret: 'p+a%s s&:=0123456789' };
  const signsIn = (idp, { id, secret }, how) => run([`${idp.origin}/contoso`, id, how], { command: basicClient, environment: { CLIENT_SECRET: secret }, atUrl: byPaste() });
  const succeeds = ({ status, out, messages }) => { assert.equal(status, 0, messages); assert.match(out, /^signed in\nrenewed\n/m); };
  const refused = ({ status, out, messages }, why) => { assert.equal(status, 1, messages); assert.match(messages, why); assert.ok(!out.includes('signed in') && !messages.includes('0123456789')); };

  let asRfc, asIs;
  before(async () => { [asRfc, asIs] = [await provider(), await provider('--undecoded')]; });
  after(async () => { await asRfc.end(); await asIs.end(); });

  test('encoded, at a server that decodes', async () => { for (const who of [odd, plain]) succeeds(await signsIn(asRfc, who, 'encoded')); });
  test('as they are, at a server that decodes: refused', async () => refused(await signsIn(asRfc, plain, 'unencoded'), /invalid_(request|client)/));
  test('as they are, at a server that does not decode', async () => succeeds(await signsIn(asIs, plain, 'unencoded')));
  test('encoded, at a server that does not decode: refused', async () => refused(await signsIn(asIs, plain, 'encoded'), /invalid_client/));
  test('an id with a colon can not be sent as it is', async () => refused(await signsIn(asIs, odd, 'unencoded'), /colon/));
  test('a wrong secret', async () => refused(await signsIn(asRfc, { ...odd, secret: 'wrong-0123456789' }, 'encoded'), /invalid_client/));
});

test('https without its CA: refused, and says what helps', async () => {
  const idp = await provider(...tls);
  try {
    const done = await run([...common, '--authority', `${idp.origin}/contoso`, '--client-id', 'public', '--redirect-uri', 'http://127.0.0.1/', '--store', newStore()], { atUrl: byReceiver({ ca }) });
    assert.equal(done.status, 2, done.messages);
    assert.match(done.messages, /certificate is not trusted/);
    assert.match(done.messages, /ca_file/);
    assert.equal(done.out, '');
  } finally { await idp.end(); }
});
