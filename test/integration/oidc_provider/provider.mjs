// oidc-provider in the shape of Microsoft's identity platform: a tenant in the path, v2.0 endpoints, members beside the standard ones, some numbers as strings.
//   node provider.mjs MODULES [--tls KEY CERTIFICATE] [--port N] [--strings] [--undecoded]
// --undecoded: id and secret in HTTP Basic authentication are taken as they are, as some servers do against RFC 6749 2.3.1.
// Prints one line of JSON when it listens; SIGTERM ends it.
import { createServer as http } from 'node:http';
import { createServer as https } from 'node:https';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options, positionals: [modules] } = parseArgs({ allowPositionals: true, options: {
  key: { type: 'string' }, certificate: { type: 'string' }, port: { type: 'string', default: '0' }, strings: { type: 'boolean', default: false },
  undecoded: { type: 'boolean', default: false } } });
const { Provider } = await import(pathToFileURL(createRequire(`${modules}/`).resolve('oidc-provider')));

const tenant = 'contoso';
const grants = ['authorization_code', 'refresh_token'];
const redirects = ['http://127.0.0.1/', 'http://localhost/', 'http://[::1]/'];   // any port: RFC 8252
const clients = [
  { client_id: 'public', token_endpoint_auth_method: 'none', application_type: 'native', redirect_uris: redirects, response_types: ['code'], grant_types: grants },
  { client_id: 'post', client_secret: 'secret-post-0123456789', token_endpoint_auth_method: 'client_secret_post', redirect_uris: ['https://app.example/cb'], response_types: ['code'], grant_types: grants },
  // Id and secret that must be form-encoded before Basic (RFC 6749 2.3.1).
  ...['web basic:1', 'basic'].map((id) => ({ client_id: id, client_secret: 'p+a%s s&:=0123456789', token_endpoint_auth_method: 'client_secret_basic', redirect_uris: ['https://app.example/cb'],
    response_types: ['code'], grant_types: grants })),
];

const server = options.key ? https({ key: readFileSync(options.key), cert: readFileSync(options.certificate) }) : http();
await new Promise((listening) => server.listen(Number(options.port), '127.0.0.1', listening));
const origin = `${options.key ? 'https' : 'http'}://127.0.0.1:${server.address().port}`;

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const provider = new Provider(`${origin}/${tenant}/v2.0`, {
  clients,
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'test', use: 'sig', alg: 'RS256' }] },
  cookies: { keys: ['only-for-tests'] },
  scopes: ['openid', 'offline_access', 'profile', 'Bookings.ReadWrite.All'],
  claims: { openid: ['sub'], profile: ['name'] },
  findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, name: `User ${id}` }) }),
  pkce: { required: () => true },
  rotateRefreshToken: true,
  expiresWithSession: () => false,
  issueRefreshToken: (_, client, code) => client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
  ttl: { AccessToken: 3600, AuthorizationCode: 60, IdToken: 3600, RefreshToken: 86400, Grant: 86400, Session: 86400, Interaction: 3600 },
  features: { devInteractions: { enabled: true } },
  routes: { authorization: '/oauth2/v2.0/authorize', token: '/oauth2/v2.0/token', jwks: '/discovery/v2.0/keys' },
});
provider.use(async (context, next) => {
  if (context.get('origin')) context.throw(400, 'Origin was sent');   // as Microsoft does for clients that are no single-page application
  await next();
  if (context.oidc?.route !== 'token' || context.status !== 200) return;
  const now = Math.floor(Date.now() / 1000);
  const lifetime = context.body.expires_in;
  Object.assign(context.body, { ext_expires_in: lifetime, not_before: String(now), expires_on: String(now + lifetime), resource: 'https://graph.microsoft.com',
    client_info: Buffer.from('{"uid":"u","utid":"contoso"}').toString('base64url'), x_unknown: { kept: [1, true, null] } });
  if (options.strings) Object.assign(context.body, { expires_in: String(lifetime), ext_expires_in: String(lifetime) });
});
const answer = provider.callback();
server.on('request', (request, response) => {
  if (!request.url.startsWith(`/${tenant}/`)) return response.writeHead(404).end();
  request.originalUrl = request.url;   // the provider finds its mount path by this pair
  request.url = request.url.slice(tenant.length + 1);
  const basic = options.undecoded && /^Basic (.*)$/.exec(request.headers.authorization ?? '')?.[1];
  if (basic) {   // the provider will decode what is encoded here
    const [, id, secret] = /^([^:]*):(.*)$/.exec(Buffer.from(basic, 'base64').toString());
    request.headers.authorization = `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
  }
  answer(request, response);
});
process.on('SIGTERM', () => { server.closeAllConnections(); server.close(() => process.exit(0)); });
console.log(JSON.stringify({ origin }));
