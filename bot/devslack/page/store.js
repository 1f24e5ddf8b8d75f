/** What the viewer sees now: the server's state, kept current by its events, and where the viewer looks. */

/** @typedef {import("./names.js").Names} Names */
/** @typedef {"people" | "messages" | "views" | "place" | "app" | "faults" | "link"} Topic */

const FLUSH_MS = 16;

export class Store {
  constructor() {
    /** @type {Names} */
    this.names = { me: "", people: new Map(), groups: new Map(), channels: new Map() };
    /** @type {any[]} */ this.users = [];
    /** @type {any[]} */ this.channels = [];
    /** @type {any[]} */ this.groups = [];
    /** @type {any[]} */ this.commands = [];
    /** @type {any[]} */ this.shortcuts = [];
    /** @type {any[]} */ this.faults = [];
    /** @type {any[]} */ this.views = [];
    /** @type {any} */ this.app = { name: "", connections: 0 };
    /** @type {any} */ this.team = { name: "" };
    /** By channel and ts. @type {Map<string, Map<string, any>>} */
    this.messages = new Map();
    /** @type {Map<string, any>} */ this.files = new Map();
    /** Channel → messages that came while another one was shown. @type {Map<string, number>} */
    this.unread = new Map();
    /** Thread → its newest reply that was on the screen. @type {Map<string, string>} */
    this.seen = new Map();
    this.seq = 0;
    this.isLive = false;
    this.channel = "";
    /** @type {string | null} */ this.thread = null;
    /** @type {Set<Topic>} */ this.pending = new Set();
    /** @type {((topics: Set<Topic>) => void)[]} */ this.watchers = [];
  }

  /** @param {(topics: Set<Topic>) => void} watcher called soon after changes, once for many */
  watch(watcher) {
    this.watchers.push(watcher);
  }

  /** @param {...Topic} topics */
  changed(...topics) {
    if (!this.pending.size) setTimeout(() => this.flush(), FLUSH_MS);
    for (const topic of topics) this.pending.add(topic);
  }

  flush() {
    const topics = this.pending;
    this.pending = new Set();
    for (const watcher of this.watchers) watcher(topics);
  }

  /** Takes a whole new state. @param {any} state the answer of GET local/state */
  load(state) {
    const { users, channels, groups, commands, shortcuts, faults, views, app, team, seq } = state;
    Object.assign(this, { users, channels, groups, commands, shortcuts, faults, views, app, team, seq });
    this.names = { me: state.me, people: new Map(users.map(personOf)), groups: handles(groups), channels: byId(channels) };
    this.messages = new Map(channels.map((channel) => [channel.id, new Map()]));
    this.files = new Map(state.files.map((file) => [file.id, file]));
    for (const message of state.messages) this.put(message);
    for (const message of state.messages) if (!this.seen.has(message.ts)) this.see(message);
    if (!this.myChannels().some((channel) => channel.id === this.channel)) this.channel = this.myChannels()[0]?.id ?? "";
    if (this.thread && !this.message(this.channel, this.thread)) this.thread = null;
    this.changed("people", "messages", "views", "place", "app", "faults", "link");
  }

  /** @param {any} event one of the server's events, except reset */
  apply(event) {
    this.seq = event.seq ?? this.seq;
    const handlers = /** @type {Record<string, () => void>} */ ({
      message: () => this.arrived(event),
      message_deleted: () => this.messages.get(event.channel)?.delete(event.ts),
      views: () => void (this.views = event.views),
      file: () => void this.files.set(event.file.id, event.file),
      app: () => void (this.app = { ...this.app, ...event.app }),
      groups: () => void ((this.groups = event.groups), (this.names = { ...this.names, groups: handles(event.groups) })),
      faults: () => void (this.faults = event.faults),
    });
    handlers[event.type]?.();
    this.changed(TOPICS[event.type] ?? "messages");
  }

  /** @param {{message: any, change: string}} event */
  arrived({ message, change }) {
    this.put(message);
    const isMine = message.user === this.names.me;
    const isElsewhere = message.channel !== this.channel || document.hidden;
    if (change === "added" && !isMine && isElsewhere) this.unread.set(message.channel, (this.unread.get(message.channel) ?? 0) + 1);
    this.changed("people");
    if (message.ts === this.thread) this.see(message);
  }

  /** @param {any} message */
  put(message) {
    const channel = this.messages.get(message.channel) ?? new Map();
    channel.set(message.ts, message);
    this.messages.set(message.channel, channel);
    for (const file of message.files ?? []) this.files.set(file.id, file);
  }

  /** @param {any} message a parent whose replies are on the screen */
  see(message) {
    if (message.latest_reply) this.seen.set(message.ts, message.latest_reply);
  }

  /** @param {any} message @returns {boolean} */
  hasNewReplies(message) {
    return Boolean(message.latest_reply) && message.latest_reply > (this.seen.get(message.ts) ?? "");
  }

  /** @param {string} channel @param {string | null} [thread] */
  go(channel, thread = null) {
    this.channel = channel;
    this.thread = thread;
    this.unread.delete(channel);
    const parent = thread && this.message(channel, thread);
    if (parent) this.see(parent);
    this.changed("place", "messages", "people");
  }

  /** @param {string} channel @param {string} ts */
  message(channel, ts) {
    return this.messages.get(channel)?.get(ts);
  }

  /** Messages of the channel itself, oldest first. @returns {any[]} */
  channelMessages() {
    return this.sorted((message) => !message.thread_ts || message.is_broadcast);
  }

  /** The open thread: parent first. @returns {any[]} */
  threadMessages() {
    return this.sorted((message) => message.ts === this.thread || message.thread_ts === this.thread);
  }

  /** @param {(message: any) => boolean} keep @returns {any[]} */
  sorted(keep) {
    const all = [...(this.messages.get(this.channel)?.values() ?? [])];
    return all.filter(keep).sort((one, other) => (one.ts < other.ts ? -1 : 1));
  }

  /** Channels the viewer is in. @returns {any[]} */
  myChannels() {
    return this.channels.filter((channel) => channel.members.includes(this.names.me));
  }

  /** People one can act as. @returns {any[]} */
  actors() {
    return this.users.filter((user) => ["member", "guest", "stranger", "elsewhere"].includes(user.kind));
  }
}

/** @type {Record<string, Topic>} */
const TOPICS = { views: "views", app: "app", faults: "faults", groups: "people" };

/** @param {any} user @returns {[string, import("./names.js").Person]} */
function personOf(user) {
  const label = user.real_name || user.name;
  const role = { member: "", app: "app" }[user.kind] ?? user.kind;
  return [user.id, { id: user.id, name: user.name, label, role, isBot: Boolean(user.is_bot), isAway: Boolean(user.is_deleted) }];
}

/** @param {any[]} list @returns {Map<string, any>} */
const byId = (list) => new Map(list.map((one) => [one.id, one]));

/** @param {any[]} groups */
const handles = (groups) => new Map(groups.map((group) => [group.id, { id: group.id, name: group.handle }]));
