// The WebSocket to the program, opened again and again when it is lost.

const protocol = "edge.live.v1";

export class Link {
  #socket = null;
  #tries = 0;
  #heard = 0;
  #watch = { loop: "", images: true };
  #nextId = 1;

  // on: hello(message), state(message), image(view), answer(message), link(state, text)
  constructor(on) {
    this.on = on;
    const given = new URLSearchParams(location.hash.slice(1)).get("token");
    if (given) {
      sessionStorage.setItem("edge-token", given);
      history.replaceState(null, "", location.pathname); // not for the next person who sees the address
    }
    this.token = sessionStorage.getItem("edge-token");
    // A connection can die without a word, as when a robot drives out of range.
    setInterval(() => { if (this.#socket && performance.now() - this.#heard > 4000) this.#socket.close(); }, 1000);
    document.addEventListener("visibilitychange", () => this.#tellWatch());
    this.#open();
  }

  watch(loop) {
    this.#watch.loop = loop;
    this.#tellWatch();
  }

  command(type, loop, more = {}) {
    this.#send({ type, id: this.#nextId++, loop, ...(this.token ? { token: this.token } : {}), ...more });
  }

  // What: play, pause, seek (value in seconds), speed.
  playback(what, value) {
    this.#send({ type: "playback", id: this.#nextId++, do: what, ...(value === undefined ? {} : { value }), ...(this.token ? { token: this.token } : {}) });
  }

  #open() {
    this.on.link("connecting", this.#tries ? "connecting again" : "connecting");
    const url = new URL("/live", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, protocol);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#heard = performance.now();
    socket.onopen = () => { this.#tries = 0; this.#tellWatch(); };
    socket.onmessage = message => this.#take(message.data);
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      const wait = Math.min(5, 0.5 * 2 ** this.#tries++);
      this.on.link("lost", `connection lost, next try in ${wait} s`);
      setTimeout(() => this.#open(), wait * 1000);
    };
  }

  #take(data) {
    this.#heard = performance.now();
    if (typeof data !== "string") {
      this.on.image(new DataView(data));
      return;
    }
    const message = JSON.parse(data);
    this.on[message.type]?.(message);
  }

  // Nobody looks at a hidden page, so it asks for no images.
  #tellWatch() {
    this.#send({ type: "watch", loop: this.#watch.loop, images: !document.hidden });
  }

  #send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
