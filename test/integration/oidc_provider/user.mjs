// The user: signs in and consents on oidc-provider's pages, with cookies, following redirects up to the one that leaves the provider.
import { request as http } from 'node:http';
import { request as https } from 'node:https';

function ask(url, { method = 'GET', headers = {}, body, ca } = {}) {
  return new Promise((resolve, reject) => {
    const outgoing = (url.protocol === 'https:' ? https : http)(url, { method, headers, ca }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    outgoing.setTimeout(10000, () => outgoing.destroy(new Error(`no answer from ${url}`)));
    outgoing.on('error', reject).end(body);
  });
}

/** The page of `response_mode=form_post`: what it has the browser post, and where to; nothing where it is another page. */
function posted(text) {
  const plain = (html) => html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name]);
  const href = /<form method="post" action="([^"]*)"/.exec(text)?.[1];
  const inputs = [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [plain(name), plain(value)]);
  return href && { href: plain(href), form: new URLSearchParams(inputs).toString() };
}

/** Open `start`; accept, or abort at the first page. Returns the URL that the browser is sent to; with `response_mode=form_post` that is { href, form }. */
export async function signIn(start, { ca, abort = false } = {}) {
  const cookies = new Map();
  let url = new URL(start);
  let form;
  for (let step = 0; step < 20; ++step) {
    const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    if (form) headers['content-type'] = 'application/x-www-form-urlencoded';
    const response = await ask(url, { method: form ? 'POST' : 'GET', headers, body: form, ca });
    form = undefined;
    for (const line of response.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      cookies.set(name, value);
    }
    if (response.headers.location) {
      const next = new URL(response.headers.location, url);
      if (next.origin !== new URL(start).origin) return next.href;
      url = next;
    } else if (posted(response.text)) return posted(response.text);
    else if (response.status !== 200) throw new Error(`the provider refuses: ${response.status} ${response.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').slice(0, 300)}`);
    else if (abort) url = new URL(/href="([^"]*\/abort)"/.exec(response.text)[1], url);
    else form = response.text.includes('name="login"') ? 'prompt=login&login=alice&password=x' : 'prompt=consent';
  }
  throw new Error('the provider does not come to an end');
}

/** Go where the browser is sent: the program's own loopback receiver. */
export const visit = (end) => (end.form === undefined ? ask(new URL(end))
  : ask(new URL(end.href), { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'null' }, body: end.form }));
