// Keeps the page up to date, and applies filters without a reload. All that is shown comes from the server as HTML: this
// script asks for the page again and puts in what differs.
"use strict";

(() => {
  const pause = 1000; // milliseconds between two updates
  const newsPause = 15000; // milliseconds between two announcements
  const byId = (id) => document.getElementById(id);
  const part = (root, name) => root.querySelector(`[data-part="${CSS.escape(name)}"]`);
  const parts = (root) => [...root.querySelectorAll("[data-part]")];

  // As the server sent it: what is open or focused must not count as a difference.
  const sent = new Map();
  const remember = () => {
    sent.clear();
    for (const element of parts(document)) sent.set(element.dataset.part, element.outerHTML);
  };

  /** Runs `change`, after which the element with the focused one's id has the focus. */
  const keepingFocus = (change) => {
    const { id } = document.activeElement;
    change();
    if (id && document.activeElement.id !== id) byId(id)?.focus({ preventScroll: true });
  };

  const highlighted = {};
  const highlight = (element) => {
    element.classList.remove("changed");
    // Reading a size makes the browser notice that the class was gone.
    void element.offsetWidth;
    element.classList.add("changed");
    clearTimeout(highlighted[element.id]);
    highlighted[element.id] = setTimeout(() => element.classList.remove("changed"), 2500);
  };

  const ownSegment = (bar) => bar?.querySelector(".own .number")?.textContent;

  const news = new Map();
  let announcing = null;
  const announce = (text, delay = newsPause) => {
    if (announcing) return;
    announcing = setTimeout(() => {
      announcing = null;
    }, delay);
    byId("news").textContent = text;
    news.clear();
  };

  const versions = () => byId("state").dataset.versions.split(",");

  /** Puts in the parts of `next`, a page or only what has changed of it, that differ; returns whether it fits into this one. */
  const update = (next) => {
    const state = next.getElementById("state");
    const names = parts(document).map((element) => element.dataset.part);
    const found = parts(next).map((element) => element.dataset.part);
    // Never the numbers of one view beside the links of another.
    if (state?.dataset.of !== byId("state").dataset.of || state.dataset.versions.split(",").length !== names.length) return false;
    if (next.getElementById("report") ? found.join() !== names.join() : !found.every((name) => names.includes(name))) return false;
    const known = versions();
    const kept = [];
    keepingFocus(() => {
      for (const element of parts(next)) {
        const name = element.dataset.part;
        if (sent.get(name) === element.outerHTML) continue;
        const old = part(document, name);
        // A filter that is being used stays as it is.
        if (name.startsWith("filter-") && old === document.activeElement) {
          kept.push(names.indexOf(name));
          continue;
        }
        sent.set(name, element.outerHTML);
        const closed = old?.querySelector(".closed .segment")?.id;
        old?.replaceWith(rove(document.importNode(element, true)));
        if (closed) byId(closed).closest(".slot").classList.add("closed");
        const row = byId(name.replace(/^(figure|bar)-/, ""));
        if (!row?.classList.contains("indicator")) continue;
        // Ranges move all the time; of a bar, only one's own place in it is news.
        if (name.startsWith("bar-") && ownSegment(old) === ownSegment(element)) continue;
        highlight(row);
        if (name.startsWith("figure-")) {
          news.set(row.querySelector("h2").textContent, (row.querySelector(".compact") ?? row.querySelector(".value")).textContent);
        }
      }
    });
    const newer = state.dataset.versions.split(",");
    for (const index of kept) newer[index] = known[index];
    byId("state").dataset.versions = newer.join();
    byId("state").dataset.id = state.dataset.id;
    if (news.size > 0) {
      const changes = [...news].map(([name, value]) => `${name} ${value}`).join("; ");
      announce(`${byId("report").dataset.updated}: ${changes}`);
    }
    return true;
  };

  /** Puts in the whole of `next`; where nobody has chosen it, without the filter that is being used. */
  const replace = (next, isChosen = false) => {
    const put = (css) => document.querySelector(css).replaceWith(document.importNode(next.querySelector(css), true));
    const fields = (root) => [...root.querySelectorAll("#filters select, #filters input")];
    const names = (root) => fields(root).map(({ name }) => name).join();
    keepingFocus(() => {
      put("#report");
      rove(byId("report"));
      if (names(document) !== names(next)) put("#filters");
      else {
        const old = fields(document);
        for (const [index, field] of fields(next).entries()) {
          if (isChosen || old[index] !== document.activeElement) old[index].replaceWith(document.importNode(field, true));
        }
      }
      for (const css of ['[data-part="subject"]', ".languages", "#state"]) put(css);
      document.title = next.title;
    });
    remember();
    follow();
  };

  let newest = 0;
  /** With `known`, what has changed since these versions may come alone. */
  const load = async (url, known) => {
    const number = ++newest;
    const headers = { Accept: "text/html" };
    if (known) headers["Partner-Pulse-Parts"] = known.join();
    const response = await fetch(url, { headers, cache: "no-store" });
    if (response.status === 401 || response.status === 403) throw new Error("ended");
    if (!response.ok) throw new Error(`status ${response.status}`);
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    // An answer that was overtaken is of no use.
    return number === newest ? { next, url: response.redirected ? response.url : url } : null;
  };

  // --- live

  let timer = null;
  let waiting = null;
  let refreshedAt = 0;
  let going = 0; // pages that were asked for by a choice and have not come
  let state = "off"; // of the stream
  let time = null; // the newest event, and how far this clock is ahead, in milliseconds
  let isPaused = false;

  const ageText = (age) => {
    const { dataset } = byId("live");
    if (age < 60) return dataset.now;
    const [count, unit] = age < 3600 ? [60, "minute"] : age < 172800 ? [3600, "hour"] : [86400, "day"];
    return new Intl.RelativeTimeFormat(document.documentElement.lang).format(-Math.floor(age / count), unit);
  };

  const showState = () => {
    const badge = byId("live");
    const age = time && (Date.now() - time.ahead - time.event) / 1000;
    let name = isPaused ? "paused" : state === "closed" ? "lost" : state;
    if (name === "live" && age > Number(badge.dataset.staleAfter)) name = "stale";
    badge.hidden = name === "off";
    badge.dataset.state = name;
    const said = name === "off" ? "" : badge.dataset[name];
    const isTimed = time && ["live", "stale", "paused"].includes(name);
    const text = isTimed ? `${said} · ${badge.dataset.age.replace("{age}", ageText(age))}` : said;
    if (badge.textContent !== text) badge.textContent = text;
    byId("pause").hidden = name === "off" || name === "ended";
  };
  setInterval(showState, 20000);

  const refresh = async () => {
    timer = null;
    refreshedAt = Date.now();
    // News of the page that is being left must not overtake the one that was chosen.
    if (going > 0) {
      refreshSoon();
      return;
    }
    try {
      const asked = location.href;
      let loaded = await load(asked, versions());
      // Who has gone back or forward meanwhile will have another page.
      if (!loaded || location.href !== asked) return;
      if (!update(loaded.next)) {
        // It is another page by now.
        if (!loaded.next.getElementById("report")) loaded = await load(asked);
        if (!loaded || location.href !== asked) return;
        // The server may have chosen a partner.
        if (loaded.url !== location.href) history.replaceState(null, "", loaded.url);
        shown = viewOf(loaded.url);
        replace(loaded.next);
      }
    } catch (error) {
      if (error.message === "ended") end();
    }
  };

  const refreshSoon = () => {
    timer ??= setTimeout(refresh, Math.max(0, refreshedAt + pause - Date.now()));
  };

  const live = makeLive((type, data) => {
    if (type === "changed" && data !== byId("state").dataset.id) refreshSoon();
    if (type === "time" && data.as_of) time = { event: Date.parse(data.as_of), ahead: Date.now() - data.now * 1000 };
    if (type === "state" && state !== "ended") {
      state = data;
      if (data === "closed") refreshSoon();
    }
    showState();
  });

  const end = () => {
    state = "ended";
    live.show(null);
    showState();
  };

  /** Keeps the page up to date from now on, if it is seen and not paused. */
  function follow() {
    const { of } = byId("state").dataset;
    const isSeen = document.visibilityState === "visible" && !isPaused && state !== "ended";
    live.show(of && isSeen ? of : null);
    if (!of) state = "off";
    showState();
    if (of || !isSeen) return;
    // There is nothing to follow before the first results.
    waiting ??= setTimeout(async () => {
      waiting = null;
      await refresh();
      follow();
    }, document.querySelector("#report progress") ? 1000 : 5000);
  }

  document.addEventListener("visibilitychange", follow);

  // A browser may forbid a page to keep anything.
  const keep = (name, value) => {
    try {
      sessionStorage.setItem(name, value);
    } catch {}
  };
  const kept = (name) => {
    try {
      return sessionStorage.getItem(name);
    } catch {
      return null;
    }
  };

  const pauseButton = byId("pause");
  const pauseText = pauseButton.textContent;
  const showPause = () => {
    pauseButton.textContent = isPaused ? pauseButton.dataset.resume : pauseText;
  };
  pauseButton.addEventListener("click", () => {
    isPaused = !isPaused;
    keep("paused", isPaused ? "true" : "");
    showPause();
    follow();
  });

  // --- filters

  const viewOf = (url) => new URL(url, location.href).search;
  let shown = viewOf(location.href);

  const go = async (url, isNew) => {
    going += 1;
    const number = newest + 1;
    try {
      const loaded = await load(url);
      if (!loaded) return;
      if (isNew) history.pushState(null, "", loaded.url);
      shown = viewOf(loaded.url);
      replace(loaded.next, true);
      announcing = null;
      announce(part(document, "subject").innerText.replace(/\s+/g, " "), 1000);
    } catch {
      // The server says why, unless something else was chosen meanwhile.
      if (number === newest) location.href = url;
    } finally {
      going -= 1;
    }
  };

  const apply = () => {
    const items = [...new FormData(byId("filters"))].filter(([, value]) => value !== "");
    go(`/?${new URLSearchParams(items)}`, true);
  };
  document.addEventListener("change", (event) => {
    if (event.target.form?.id === "filters") apply();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "filters") return;
    event.preventDefault();
    apply();
  });
  addEventListener("popstate", () => {
    // Not where only the place in the page is another.
    if (viewOf(location.href) !== shown) go(location.href, false);
  });

  // --- partners: of too many to list, those that fit what is typed

  let typing = null;
  document.addEventListener("input", ({ target }) => {
    if (target.id !== "filter-partner" || !target.list) return;
    clearTimeout(typing);
    typing = setTimeout(async () => {
      const text = target.value;
      const response = await fetch(`/api/v1/partners?${new URLSearchParams({ q: text, limit: 20 })}`);
      if (!response.ok || target.value !== text) return;
      const { partners, names } = await response.json();
      target.list.replaceChildren(...partners.map((id, index) => new Option(names[index], id)));
    }, 200);
  });

  addEventListener("pagehide", () => live.show(null));
  addEventListener("pageshow", (event) => {
    if (event.persisted) refresh().then(follow);
  });

  document.documentElement.classList.add("script");
  remember();
  isPaused = kept("paused") === "true";
  showPause();
  follow();
})();
