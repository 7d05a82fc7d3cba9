/** Calls of the REST API of a running Directus. */

/**
 * @typedef {'GET' | 'POST' | 'PATCH' | 'DELETE' | 'SEARCH' | 'PUT'} Method
 *
 * @typedef {object} Response
 * @property {number} status
 * @property {any} body the parsed JSON, or the text when it is none
 *
 * @typedef {((method: Method, path: string, body?: any) => Promise<any>) & {
 *   raw: (method: Method, path: string, body?: any) => Promise<Response>
 * }} Api the call itself gives `data` and throws on an error status; `raw` gives whatever was answered
 */

/**
 * @param {string} url
 * @param {string} token
 * @returns {Api}
 */
export function createApi(url, token) {
  /** @type {Api['raw']} */
  const raw = async (method, path, body) => {
    const response = await fetch(url + path, { method, ...requestOf(body, token) });
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  };
  /** @param {Method} method @param {string} path @param {any} [body] */
  const call = async (method, path, body) => {
    const response = await raw(method, path, body);
    if (response.status < 300) return response.body?.data ?? response.body;
    const answer = typeof response.body === 'string' ? response.body : JSON.stringify(response.body);
    throw new Error(`${method} ${path} answered ${response.status}: ${answer}`);
  };
  return Object.assign(call, { raw });
}

/** @param {any} body a form is sent as multipart, anything else as JSON @param {string} token */
function requestOf(body, token) {
  const headers = { authorization: `Bearer ${token}` };
  if (body === undefined) return { headers };
  if (body instanceof FormData) return { headers, body };
  return { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** @param {string} text */
function parsed(text) {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
