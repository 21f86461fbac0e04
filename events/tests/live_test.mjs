// Run by test_live_client.py with `node --test`; the socket and the clock are stand-ins.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mock, test } from "node:test";
import { ACK_AFTER_MS, LiveClient, decide, waitMs } from "../static/events/live.js";

const EPOCH = "0b9de1a5-1cc7-4a26-9b5a-2b3f3c1c4a11";
const read = (name) => JSON.parse(readFileSync(new URL(`./vectors/${name}.json`, import.meta.url)));
const vectors = read("live_rule");

class Socket {
  static opened = [];
  constructor(url, protocols) {
    Object.assign(this, { url, protocols, readyState: 0, sent: [] });
    Socket.opened.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  open() {
    this.readyState = 1;
    this.onopen();
  }
  say(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }
  drop(code) {
    this.readyState = 3;
    this.onclose({ code });
  }
}

function client(options = {}) {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  Socket.opened.length = 0;
  const heard = { events: [], resets: [], states: [] };
  const live = new LiveClient({
    url: "ws://sky/ws/v1/live",
    WebSocket: Socket,
    random: () => 1,
    onEvent: (frame) => heard.events.push(frame.seq),
    onReset: (frame) => heard.resets.push(frame.cursor),
    onState: (state) => heard.states.push(state),
    ...options,
  });
  live.start();
  return { live, heard };
}

function welcome(socket, seq = 0, lang = "en") {
  socket.open();
  const cursors = { events: [EPOCH, seq] };
  socket.say({ op: "welcome", session: "s", heartbeat_s: 20, cursors, lang });
}

const event = (prev, seq) => ({ op: "event", stream: "events", prev, seq, type: "void", data: {} });
const newest = () => Socket.opened.at(-1);

for (const { name, last, prev, seq, verdict } of vectors) {
  test(`rule: ${name}`, () => assert.equal(decide(last, prev, seq), verdict));
}

for (const { attempt, random, ms } of read("live_waits")) {
  test(`waits before attempt ${attempt}`, () => assert.equal(waitMs(attempt, () => random), ms));
}

/** Let the time pass until the client connects again, and let it connect. */
function reopen() {
  const before = Socket.opened.length;
  while (newest().readyState !== 0 && Socket.opened.length === before) mock.timers.tick(250);
  newest().open();
}

for (const { name, options, steps } of read("live_talks")) {
  test(`talk: ${name}`, () => {
    const { live, heard } = client(options);
    const taken = (list) => list.splice(0);
    const acts = {
      open: reopen,
      hear: (frame) => newest().say(frame),
      hear_events: ([first, last]) => {
        for (let seq = first; seq <= last; seq += 1) newest().say(event(seq - 1, seq));
      },
      drop: (code) => newest().drop(code),
      said: (frames) => assert.deepEqual(taken(newest().sent), frames),
      shown: (seqs) => assert.deepEqual(taken(heard.events), seqs),
      resets: (cursors) => assert.deepEqual(taken(heard.resets), cursors),
      state: (state) => assert.equal(live.state, state),
    };
    for (const step of steps) for (const [act, value] of Object.entries(step)) acts[act](value);
  });
}

test("says hello with the snapshot's cursor and shows each message once", () => {
  const { heard } = client({ lang: "de", cursors: { events: [EPOCH, 3] } });
  welcome(newest(), 3, "de");
  assert.deepEqual(newest().sent, [
    { op: "hello", streams: ["events"], lang: "de", cursors: { events: [EPOCH, 3] } },
  ]);
  for (const frame of [event(3, 4), event(3, 4), event(4, 6)]) newest().say(frame);
  assert.deepEqual(heard.events, [4, 6]);
  assert.deepEqual(heard.states, ["connecting", "live"]);
});

test("connects again after a drop and resumes where it stopped", () => {
  const { heard } = client();
  welcome(newest());
  newest().say(event(0, 1));
  newest().drop(1006);
  assert.equal(heard.states.at(-1), "waiting");
  mock.timers.tick(waitMs(0, () => 1));
  newest().open();
  assert.equal(Socket.opened.length, 2);
  assert.deepEqual(newest().sent[0].cursors, { events: [EPOCH, 1] });
});

test("resumes when a message is missing instead of showing what follows", () => {
  const { heard } = client();
  welcome(newest());
  newest().say(event(1, 2));
  assert.deepEqual(heard.events, []);
  mock.timers.tick(waitMs(0, () => 1));
  newest().open();
  assert.deepEqual(newest().sent[0].cursors, { events: [EPOCH, 0] });
});

test("takes the new cursor of a reset", () => {
  const { live, heard } = client({ cursors: { events: [EPOCH, 9] } });
  welcome(newest(), 2);
  newest().say({ op: "reset", stream: "events", cursor: ["other", 2], snapshot: "/api/v1/events" });
  assert.deepEqual(heard.resets, [["other", 2]]);
  assert.deepEqual(live.cursors.events, ["other", 2]);
});

test("goes on from a snapshot that is older than what it has heard", () => {
  const { live, heard } = client();
  welcome(newest());
  for (let seq = 1; seq <= 3; seq += 1) newest().say(event(seq - 1, seq));
  live.goOnFrom({ events: [EPOCH, 3] });
  live.goOnFrom({ events: ["other", 1] });
  live.goOnFrom(undefined);
  assert.equal(heard.states.at(-1), "live");
  live.goOnFrom({ events: [EPOCH, 1] });
  mock.timers.tick(waitMs(0, () => 1));
  newest().open();
  assert.deepEqual(newest().sent[0].cursors, { events: [EPOCH, 1] });
  newest().say(event(1, 2));
  assert.deepEqual(heard.events, [1, 2, 3, 2]);
});

test("acknowledges each 128 messages, or after five seconds", () => {
  client();
  welcome(newest());
  for (let seq = 1; seq <= 130; seq += 1) newest().say(event(seq - 1, seq));
  const acks = () => newest().sent.filter((frame) => frame.op === "ack").map((frame) => frame.seq);
  assert.deepEqual(acks(), [128]);
  mock.timers.tick(ACK_AFTER_MS);
  assert.deepEqual(acks(), [128, 130]);
});

test("answers pings, moves with cursor frames and switches the language", () => {
  const { live } = client();
  welcome(newest());
  newest().say({ op: "ping" });
  newest().say({ op: "cursor", stream: "events", seq: 7 });
  live.setLang("ru");
  assert.deepEqual(newest().sent.slice(1), [{ op: "pong" }, { op: "lang", lang: "ru" }]);
  assert.deepEqual(live.cursors.events, [EPOCH, 7]);
});

test("hands on the sky of each minute, which has no place in a sequence", () => {
  const skies = [];
  const { heard } = client({
    streams: ["events", "sky"], onSky: (frame) => skies.push(frame.data.jd_tt),
  });
  welcome(newest());
  assert.deepEqual(newest().sent[0].streams, ["events", "sky"]);
  for (const jd_tt of [1, 2]) newest().say({ op: "sky", at: "", data: { jd_tt } });
  assert.deepEqual(skies, [1, 2]);
  assert.deepEqual(heard.events, []);
  assert.deepEqual(heard.states, ["connecting", "live"]);
});

test("a silent socket is given up", () => {
  const { heard } = client();
  welcome(newest());
  mock.timers.tick(50_001);
  assert.equal(heard.states.at(-1), "waiting");
});

test("stays away after stop() and after a hopeless refusal", () => {
  const { live, heard } = client();
  welcome(newest());
  live.stop();
  mock.timers.tick(120_000);
  assert.equal(Socket.opened.length, 1);
  live.start();
  newest().open();
  newest().drop(4403);
  mock.timers.tick(120_000);
  assert.equal(heard.states.at(-1), "refused");
  assert.equal(Socket.opened.length, 2);
});

test("waits grow and have a ceiling", () => {
  const most = (attempt) => waitMs(attempt, () => 1);
  assert.deepEqual([0, 1, 2, 50].map(most), [500, 1000, 2000, 30_000]);
  assert.equal(waitMs(0, () => 0), 250);
});

const settled = () => new Promise((done) => setImmediate(done));
const people = { streams: ["events", "me"] };

test("shows a token in hello and a fresh one when the time of the last one ends", async () => {
  let made = 0;
  const { live } = client({ ...people, token: async () => `token ${(made += 1)}` });
  newest().open();
  await settled();
  assert.deepEqual(newest().sent, [{ op: "hello", ...people, token: "token 1" }]);
  const cursors = { events: [EPOCH, 0], me: [EPOCH, 4] };
  newest().say({ op: "welcome", session: "s", heartbeat_s: 20, cursors, lang: "en", user: "u" });
  assert.equal(live.user, "u");
  newest().say({ op: "expiring", in_s: 60 });
  await settled();
  assert.deepEqual(newest().sent.at(-1), { op: "auth", token: "token 2" });
});

test("keeps its place in the own stream and resumes there with a new ticket", async () => {
  let made = 0;
  const { heard } = client({ ...people, ticket: () => `ticket ${(made += 1)}` });
  newest().open();
  await settled();
  const cursors = { events: [EPOCH, 0], me: [EPOCH, 4] };
  newest().say({ op: "welcome", session: "s", heartbeat_s: 20, cursors, lang: "en", user: "u" });
  newest().say({ op: "event", stream: "me", prev: 4, seq: 5, type: "message", data: {} });
  newest().drop(1006);
  mock.timers.tick(waitMs(0, () => 1));
  newest().open();
  await settled();
  assert.deepEqual(heard.events, [5]);
  const resumed = { events: [EPOCH, 0], me: [EPOCH, 5] };
  assert.deepEqual(newest().sent, [
    { op: "hello", ...people, cursors: resumed, ticket: "ticket 2" },
  ]);
});

test("waits while tokens cannot be had", async () => {
  const { heard } = client({ ...people, token: () => Promise.reject(new Error("away")) });
  newest().open();
  await settled();
  assert.deepEqual(newest().sent, []);
  assert.equal(heard.states.at(-1), "waiting");
});

test("comes back after the end of a token, and once after a refused one", async () => {
  const refuse = (code) => {
    newest().say({ op: "error", code, detail: "" });
    newest().drop(4401);
  };
  const { heard } = client({ ...people, token: () => "fresh" });
  for (const code of ["auth.expired", "auth.expired", "auth.invalid"]) {
    newest().open();
    await settled();
    refuse(code);
    assert.equal(heard.states.at(-1), "waiting");
    mock.timers.tick(60_000);
  }
  newest().open();
  await settled();
  refuse("auth.invalid");
  assert.equal(heard.states.at(-1), "refused");
  const fixed = client({ ...people, token: "the same for ever" });
  newest().open();
  await settled();
  refuse("auth.expired");
  assert.equal(fixed.heard.states.at(-1), "refused");
});
