/**
 * Follow the sky live: a client of /ws/v1/live without dependencies.
 *
 *   import { LiveClient } from "/static/events/live.js";
 *   const live = new LiveClient({
 *     lang: "de",
 *     cursors: snapshot.cursors,            // from GET /api/v1/events
 *     onEvent: (frame) => show(frame.type, frame.data),
 *     onReset: (frame) => reload(frame.snapshot), // then live.goOnFrom(snapshot.cursors)
 *     onState: (state) => badge(state),     // connecting, live, waiting, refused, stopped
 *   });
 *   live.start();
 *
 * For the stream `me` add `streams: ["events", "me"]` and `token: () => freshAccessToken()`, or
 * `ticket: () => newTicket()` on a page that signs in by cookie; both may return promises and are
 * asked for each connection and whenever the server says that the time of the last one ends.
 *
 * For the sky of each minute add `streams: ["events", "sky"]` and `onSky: (frame) => turn(frame.data)`.
 *
 * It reconnects with growing, jittered waits, resumes where it stopped, shows each message once
 * and in order, and never guesses: a hole in the sequence makes it resume. docs/live.md describes
 * the protocol.
 */

export const SUBPROTOCOL = "starscal.v1";
export const ACK_EVERY = 128;
export const ACK_AFTER_MS = 5_000;
export const FIRST_WAIT_MS = 500;
export const LONGEST_WAIT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 15_000;
const HEARTBEATS_MISSED = 2.5;
const HOPELESS = new Set([4400, 4401, 4403, 4404, 4413]);
const PASSING = new Set(["hello.timeout", "auth.expired"]); // reasons of a 4401 that time mends
const DOUBTFUL = new Set(["auth.invalid", "auth.revoked"]); // a fresh token may be better, once

/** Say what to do with a message: "accept", "ignore" (seen already) or "resume" (one is missing). */
export function decide(last, prev, seq) {
  if (seq <= last) return "ignore";
  return prev <= last ? "accept" : "resume";
}

/** Return how long to wait before a connection attempt; `attempt` counts from 0. */
export function waitMs(attempt, random = Math.random) {
  const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 16));
  return most / 2 + (random() * most) / 2;
}

/** Return the address of the socket for a page of the same site. */
export function defaultUrl(location = globalThis.location) {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws/v1/live`;
}

const nothing = () => {};

export class LiveClient {
  constructor({
    url,
    lang = "",
    tz = "",
    streams = ["events"],
    filter = null,
    cursors = {},
    token = null,
    ticket = null,
    onEvent = nothing,
    onSky = nothing,
    onReset = nothing,
    onState = nothing,
    onError = nothing,
    WebSocket = globalThis.WebSocket,
    random = Math.random,
  } = {}) {
    this.url = url || defaultUrl();
    this.lang = lang;
    this.tz = tz;
    this.streams = [...streams];
    this.filter = filter;
    this.cursors = structuredClone(cursors ?? {});
    this.credentials = { token, ticket };
    this.user = null;
    this.doubted = false;
    this.state = "stopped";
    this.session = null;
    this.callbacks = { onEvent, onSky, onReset, onState, onError };
    this.WebSocket = WebSocket;
    this.random = random;
    this.attempt = 0;
    this.socket = null;
    this.timers = {};
    this.unacked = new Map();
    this.lastError = "";
    this.wakeUp = () => this.reconnectNow();
  }

  /** Connect, and stay connected until stop(). */
  start() {
    if (this.state !== "stopped" && this.state !== "refused") return;
    this.attempt = 0;
    globalThis.addEventListener?.("online", this.wakeUp);
    this.connect();
  }

  /** Close the socket and stay away; start() resumes at the same place. */
  stop() {
    globalThis.removeEventListener?.("online", this.wakeUp);
    this.acknowledge();
    this.leave();
    this.setState("stopped");
  }

  /** Switch the language; it holds from the next frame on. */
  setLang(lang) {
    this.lang = lang;
    if (this.state === "live") this.send({ op: "lang", lang });
  }

  /** Go on from a snapshot that was loaded; what was said since it was read comes once more. */
  goOnFrom(cursors) {
    const older = Object.entries(cursors ?? {}).filter(([stream, [epoch, seq]]) => {
      const known = this.cursors[stream];
      return known?.[0] === epoch && seq < known[1];
    });
    for (const [stream, cursor] of older) this.cursors[stream] = [...cursor];
    if (older.length && this.state === "live") this.resume();
  }

  reconnectNow() {
    if (this.state !== "waiting") return;
    this.attempt = 0;
    this.clearTimers();
    this.connect();
  }

  connect() {
    this.setState("connecting");
    this.lastError = "";
    const socket = new this.WebSocket(this.url, [SUBPROTOCOL]);
    this.socket = socket;
    socket.onopen = () => this.greet(socket);
    socket.onmessage = (message) => this.socket === socket && this.receive(message.data);
    socket.onclose = (event) => this.socket === socket && this.lost(event.code);
    this.expectWithin(CONNECT_TIMEOUT_MS);
  }

  /** Say hello; without a token only when there is none to be asked for. */
  greet(socket) {
    const asked = this.credential();
    if (!asked) return this.send(this.hello());
    return asked.then(
      (shown) => this.socket === socket && this.send({ ...this.hello(), ...shown }),
      () => this.socket === socket && this.lost(1006), // whoever gives tokens is away: later
    );
  }

  /** Ask for a token or ticket; null if this client has none. */
  credential() {
    const [name, source] = Object.entries(this.credentials).find(([, given]) => given) ?? [];
    if (!name) return null;
    const ask = async () => (typeof source === "function" ? source() : source);
    return ask().then((value) => (value ? { [name]: value } : {}));
  }

  /** Show a fresh token before the old one ends; failing that, the next connection will. */
  renew() {
    const socket = this.socket;
    const show = (shown) =>
      this.socket === socket && Object.keys(shown).length && this.send({ op: "auth", ...shown });
    return this.credential()?.then(show, nothing);
  }

  hello() {
    const frame = { op: "hello", streams: this.streams };
    if (this.lang) frame.lang = this.lang;
    if (this.tz) frame.tz = this.tz;
    if (this.filter) frame.filter = this.filter;
    const known = Object.entries(this.cursors).filter(([, cursor]) => Array.isArray(cursor));
    if (known.length) frame.cursors = Object.fromEntries(known);
    return frame;
  }

  receive(text) {
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return; // not ours to judge; the watchdog ends a socket that talks nonsense only
    }
    this.expectWithin((this.heartbeatMs ?? CONNECT_TIMEOUT_MS) * HEARTBEATS_MISSED);
    const handler = LiveClient.handlers[frame.op];
    if (handler) handler.call(this, frame);
  }

  welcomed(frame) {
    this.session = frame.session;
    this.user = frame.user ?? null;
    this.doubted = false;
    this.heartbeatMs = frame.heartbeat_s * 1000;
    this.attempt = 0;
    for (const [stream, cursor] of Object.entries(frame.cursors)) {
      this.cursors[stream] ??= cursor;
    }
    this.setState("live");
    if (this.lang && this.lang !== frame.lang) this.send({ op: "lang", lang: this.lang });
  }

  told(frame) {
    const cursor = this.cursors[frame.stream];
    if (!cursor) return;
    const verdict = decide(cursor[1], frame.prev, frame.seq);
    if (verdict === "resume") return this.resume();
    this.noteForAck(frame.stream, frame.seq);
    if (verdict === "ignore") return;
    cursor[1] = frame.seq;
    this.callbacks.onEvent(frame);
  }

  moved(frame) {
    const cursor = this.cursors[frame.stream];
    if (cursor && frame.seq > cursor[1]) cursor[1] = frame.seq;
  }

  wasReset(frame) {
    this.cursors[frame.stream] = [...frame.cursor];
    this.unacked.delete(frame.stream);
    this.callbacks.onReset(frame);
  }

  refusedWith(frame) {
    this.lastError = frame.code;
    this.callbacks.onError(frame);
  }

  noteForAck(stream, seq) {
    const noted = this.unacked.get(stream) ?? { count: 0, seq: 0 };
    noted.count += 1;
    noted.seq = Math.max(noted.seq, seq);
    this.unacked.set(stream, noted);
    if (noted.count >= ACK_EVERY) this.acknowledge();
    else this.timers.ack ??= setTimeout(() => this.acknowledge(), ACK_AFTER_MS);
  }

  acknowledge() {
    clearTimeout(this.timers.ack);
    delete this.timers.ack;
    for (const [stream, { seq }] of this.unacked) this.send({ op: "ack", stream, seq });
    this.unacked.clear();
  }

  send(frame) {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame));
  }

  /** Something is missing: ask for it by connecting again with the cursor. */
  resume() {
    this.leave();
    this.connectLater();
  }

  lost(code) {
    this.leave();
    if (HOPELESS.has(code) && !this.mayTryAgain()) this.setState("refused");
    else this.connectLater();
  }

  /** Say whether another connection may fare better than the one that was refused. */
  mayTryAgain() {
    if (this.lastError === "hello.timeout") return true;
    const asksAnew = Object.values(this.credentials).some((given) => typeof given === "function");
    if (!asksAnew || this.doubted) return asksAnew && PASSING.has(this.lastError);
    this.doubted = DOUBTFUL.has(this.lastError);
    return this.doubted || PASSING.has(this.lastError);
  }

  connectLater() {
    this.setState("waiting");
    this.timers.retry = setTimeout(() => this.connect(), waitMs(this.attempt++, this.random));
  }

  leave() {
    this.clearTimers();
    this.unacked.clear();
    const socket = this.socket;
    this.socket = null;
    if (socket && socket.readyState <= 1) socket.close(1000);
  }

  /** A socket that stays silent is dead, whatever the network says. */
  expectWithin(ms) {
    clearTimeout(this.timers.watchdog);
    this.timers.watchdog = setTimeout(() => this.lost(1006), ms);
  }

  clearTimers() {
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
    this.timers = {};
  }

  setState(state) {
    if (state === this.state) return;
    this.state = state;
    this.callbacks.onState(state);
  }

  static handlers = {
    welcome: LiveClient.prototype.welcomed,
    event: LiveClient.prototype.told,
    cursor: LiveClient.prototype.moved,
    reset: LiveClient.prototype.wasReset,
    error: LiveClient.prototype.refusedWith,
    sky(frame) {
      this.callbacks.onSky(frame);
    },
    expiring: LiveClient.prototype.renew,
    ping() {
      this.send({ op: "pong" });
    },
  };
}
